"""What happened at Acme, in order."""

from __future__ import annotations

from pathlib import Path

from fixtures_repos import layouts
from fixtures_repos.acme import texts
from fixtures_repos.acme.company import Company
from fixtures_repos.acme.leaks import value
from fixtures_repos.acme.routine import Routine
from fixtures_repos.builder import ADA, BEN, CLEO, DAN, Builder

__all__ = ["build"]

_EVERYWHERE = ("dev", "staging", "prod")


def build(path: Path) -> Path:
    """Tell the history into a new folder; returns `path`, a work tree on main."""
    company = Company(Builder(path, zone="+0100"))
    routine = Routine(company)
    _beginnings(company)
    routine.go_on(6)
    _first_deployment(company)
    routine.go_on(7)
    _a_chat_bot(company)
    company.builder.tag("v1.0.0", "Version 1.0.0\n\nFirst customers.", author=ADA)
    routine.go_on(8)
    _webhooks(company)
    company.builder.tag("v1.1.0", "Version 1.1.0", author=CLEO)
    _rotations(company)
    routine.go_on(9)
    _second_year(company)
    routine.go_on(10)
    _hardening(company)
    routine.go_on(6, days=8)
    _loose_ends(company)
    layouts.repack(company.builder.populate())
    return path


def _beginnings(company: Company) -> None:
    company.put("README.md", texts.README)
    company.put(".gitignore", ".env\n__pycache__/\n")
    company.put("parcels/__init__.py", "")
    company.put("parcels/settings.py", texts.SETTINGS)
    company.put("parcels/api.py", texts.API)
    company.commit("Start the parcel tracker", ADA, days=0)
    company.put(".env.example", texts.ENV_EXAMPLE)
    company.put("docker-compose.yml", texts.COMPOSE)
    company.put("CHANGELOG.md", "# Changes\n\n## 1.1.0 and before\n\n")
    company.put("Dockerfile", texts.DOCKERFILE)
    company.commit("Run it with docker compose", BEN, days=1)
    company.put(".github/workflows/ci.yml", texts.CI)
    company.put("requirements.lock", "fastapi==0.100.0\nhttpx==0.27.0\n")
    company.commit("Test every push", CLEO, days=2)
    company.configure(*_EVERYWHERE, LOG_LEVEL="info", POOL_SIZE="5", REQUEST_TIMEOUT="30")
    company.configure("dev", LOG_LEVEL="debug", DATABASE_POOL="off")
    company.commit("Configure dev, staging and production", DAN, days=3)


def _first_deployment(company: Company) -> None:
    company.put("terraform/main.tf", texts.TERRAFORM)
    for name, size in zip(_EVERYWHERE, ("micro", "small", "large"), strict=True):
        company.put(
            f"terraform/{name}.tfvars",
            f'environment    = "{name}"\nregion         = "eu-central-1"\n'
            f'instance_class = "db.t4g.{size}"\nstorage_gib    = 20\n',
        )
    company.commit("Describe the database in terraform", DAN)
    company.add(
        "terraform/dev.tfvars",
        f'access_key     = "{value("cloud id")}"\nsecret_key     = "{value("cloud secret")}"\n',
    )
    company.commit("Apply terraform from a laptop", DAN, days=1)
    company.values(*_EVERYWHERE, image__tag="latest", replicas__api=2, cache__enabled=True)
    company.values("prod", replicas__api=4, image__tag="1.0.0")
    company.put("scripts/deploy.sh", texts.DEPLOY)
    company.put("docs/runbook.md", texts.RUNBOOK)
    company.commit("Deploy with helm", DAN, days=4)
    company.configure("prod", STRIPE_API_KEY=value("payments"))
    company.configure("prod", SENDGRID_API_KEY=value("mail, first"))
    company.commit("Take payments, send mails", BEN, days=2)
    company.edit(
        "terraform/dev.tfvars",
        f'access_key     = "{value("cloud id")}"\nsecret_key     = "{value("cloud secret")}"\n',
        "",
    )
    company.commit("Remove keys from terraform", ADA, days=9)
    url = f"postgresql://parcels:{value('database password')}@db.staging.acme.example:5432/parcels"
    company.values("staging", database__url=url)
    company.commit("Point staging at its database", CLEO, days=3)


def _a_chat_bot(company: Company) -> None:
    company.on_branch("feature/chat-alerts")
    company.put("parcels/chat.py", f'CHANNEL = "#parcels"\nBOT = "{value("chat bot")}"\n')
    company.commit("Post lost parcels to chat", CLEO, days=2)
    company.add(
        "parcels/chat.py", '\n\ndef post(text: str) -> None:\n    """Tell the channel."""\n'
    )
    company.commit("Post one message a parcel", CLEO, days=1)
    bot = f'BOT = "{value("chat bot")}"\n'
    company.edit("parcels/chat.py", bot, 'BOT = os.environ["CHAT_BOT"]\n')
    company.edit("parcels/chat.py", "CHANNEL", "import os\n\nCHANNEL")
    company.commit("Read the bot's token from the environment", CLEO, days=1)
    company.merge("feature/chat-alerts", ADA)


def _webhooks(company: Company) -> None:
    company.put("deploy/keys/webhook_signing.pem", value("signing key"))
    company.add("parcels/webhooks.py", 'KEY = "deploy/keys/webhook_signing.pem"\n')
    company.commit("Sign webhooks", BEN)
    for name in ("staging", "prod"):
        company.configure(name, SESSION_SECRET=value("session secret"))
    company.commit("Keep sessions across deployments", CLEO, days=5)
    # What a compiled file looks like: a header, marshalled code, constants in between.
    compiled = b"\xcb\x0d\x0d\x0a" + bytes(12) + b"\xe3" + bytes(24) + b"\xda\x07WEBHOOK\xda\x51"
    compiled += value("chat webhook").encode() + b"\xa9\x00\x4e\xda\x08<module>" + bytes(16)
    company.builder.write("parcels/__pycache__/alerts.cpython-312.pyc", compiled)
    company.put("parcels/alerts.py", 'import os\n\nWEBHOOK = os.environ["ALERT_WEBHOOK"]\n')
    company.commit("Alert on slow carriers", DAN, days=4)
    company.builder.delete("parcels/__pycache__/alerts.cpython-312.pyc")
    company.commit("Remove a compiled file", DAN, days=2)


def _rotations(company: Company) -> None:
    company.configure("prod", SENDGRID_API_KEY=value("mail, second"))
    company.commit("Rotate the mail key", ADA, days=12)
    company.delete("deploy/keys/webhook_signing.pem")
    company.edit("parcels/webhooks.py", '"deploy/keys/webhook_signing.pem"', 'os.environ["KEY"]')
    company.commit("Mount the signing key instead of shipping it", ADA, days=3)
    company.configure("staging", POOL_SIZE="20", REQUEST_TIMEOUT="10")
    company.commit("Try a larger pool on staging", CLEO, days=6)


def _second_year(company: Company) -> None:
    company.on_branch("release/1.2")
    company.add("CHANGELOG.md", "\n## 1.2.0\n\n")
    company.values("prod", image__tag="1.2.0")
    company.commit("Prepare 1.2.0", CLEO)
    told = f"Version 1.2.0\n\nPublished with GITHUB_TOKEN={value('release token')}"
    company.builder.tag("v1.2.0", told, author=CLEO)
    company.merge("release/1.2", CLEO)
    company.configure("prod", POOL_SIZE="20")
    company.commit("Give production the larger pool", BEN, days=30)
    company.configure("prod", FEATURE_RETURNS="true")
    company.configure("dev", FEATURE_RETURNS="true")
    company.commit("Let customers return parcels", BEN, days=8)
    company.add("scripts/deploy.sh", 'echo "deployed to $environment"\n')
    mirror = f"git push https://oauth2:{value('mirror token')}@git.acme.example/parcels.git"
    company.commit(f"Say where it was deployed\n\nMirrored with: {mirror}", DAN, days=5)
    company.builder.tag("v1.3.0", "Version 1.3.0", author=ADA)


def _hardening(company: Company) -> None:
    company.on_branch("feature/vault")
    company.configure("prod", SENDGRID_API_KEY="vault:secret/parcels#sendgrid")
    company.commit("Read the mail key from the vault", ADA, days=3)
    company.configure("staging", LOG_FORMAT="json", FEATURE_RETURNS="true")
    company.commit("Log as JSON on staging", ADA, days=1)
    company.merge("feature/vault", ADA)
    company.values("staging", cache__enabled=False)
    company.commit("Turn the cache off while looking for a bug", BEN, days=6)
    company.builder.tag("v1.4.0", "Version 1.4.0", author=ADA)
    company.values("dev", replicas__api=1)
    company.commit("One replica is enough for dev", DAN, days=4)
    company.configure("prod", REQUEST_TIMEOUT="10")
    company.commit("Give up on carriers earlier", CLEO, days=7)


def _loose_ends(company: Company) -> None:
    builder = company.builder
    builder.tag("v1.5.0", "Version 1.5.0", author=ADA)
    builder.stash(
        {".npmrc": f"//npm.acme.example/:_authToken={value('package token')}\n"},
        "WIP on main: publish the tracking widget",
    )
    builder.branch("wip/registry")
    login = f"docker login -u acme -p {value('registry token')}\n"
    builder.write("scripts/push.sh", f"#!/bin/sh\n{login}docker push acme/parcels\n", "100755")
    company.commit("Push images", DAN, days=1)
    builder.checkout("main")
    builder.drop_branch("wip/registry")
    # The stash's own log must stay: `git stash list` reads it.
    for name in ("HEAD", "refs/heads/main"):
        (builder.git_dir / "logs" / name).unlink()
