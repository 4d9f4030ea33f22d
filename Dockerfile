# docker build -t git-forensics .
# docker run --rm -v "$PWD:/repo:ro" git-forensics scan
#
# python:3.13-slim, all platforms, as it was on 2026-09-28. Both lines name the same.
FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b AS build

WORKDIR /src
COPY . .
RUN python -m pip wheel --no-cache-dir --disable-pip-version-check \
      --constraint requirements-dev.lock --wheel-dir /wheels . \
 && python -m venv /opt/git-forensics \
 && /opt/git-forensics/bin/python -m pip install --no-cache-dir --disable-pip-version-check \
      --no-index --find-links /wheels git-forensics

FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

RUN apt-get update \
 && apt-get install --yes --no-install-recommends git \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --create-home --shell /usr/sbin/nologin forensics \
 && mkdir /repo

COPY --from=build /opt/git-forensics /opt/git-forensics
ENV PATH=/opt/git-forensics/bin:$PATH

USER 10001:10001
WORKDIR /repo
ENTRYPOINT ["forensics"]
