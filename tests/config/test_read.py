"""Every value in a file is found under the name that a reader of the file would use."""

from __future__ import annotations

import pytest

from forensics.config.read import read_slots

FILES = {
    "dotenv": (
        b"deploy/prod.env",
        b"A=1\nexport B='x y' # why\nC=\"two\nlines\"\nD=don't\nE=\n#F=old\r\nG=a#b # c\r\n",
        {"A": b"1", "B": b"x y", "C": b"two\nlines", "D": b"don't", "E": b"", "G": b"a#b"},
    ),
    "dotenv of an environment": (b".env.production", b"TOKEN=abc\n", {"TOKEN": b"abc"}),
    "direnv": (b".envrc", b"export TOKEN=abc\n", {"TOKEN": b"abc"}),
    "yaml": (
        b"config/database.yml",
        b"production:\n  password: &pw 'it''s'  # old\n  again: *pw\n  tls.key: |\n    one\n"
        b"    two\n\n  tag: !custom v\nhosts: [a, \"b\"]\n",
        {
            "production.password": b"it''s",
            "production.again": b"it''s",
            'production["tls.key"]': b"one\n    two",
            "production.tag": b"v",
            "hosts[0]": b"a",
            "hosts[1]": b"b",
        },
    ),
    "yaml with merged mappings": (
        b"a.yml",
        b"base: &base {user: u, password: p}\nprod:\n  <<: *base\n  user: w\n",
        {"base.user": b"u", "base.password": b"p", "prod.password": b"p", "prod.user": b"w"},
    ),
    "yaml with a name twice": (b"a.yml", b"a: 1\na: 2\n", {"a": b"1", "a#2": b"2"}),
    "yaml beyond ASCII": (
        b"a.yml",
        "\ufeffgrüße: é\nb: 日本 # x\nc: z\n".encode(),
        {"grüße": "é".encode(), "b": "日本".encode(), "c": b"z"},
    ),
    "compose": (
        b"docker-compose.yml",
        b"services:\n  web:\n    environment:\n      - DB=abc\n      - 'X=y'\n      - PASS\n"
        b"  db:\n    environment:\n      DB: q\n",
        {
            "services.web.environment.DB": b"abc",
            "services.web.environment.X": b"y",
            "services.web.environment.PASS": b"",
            "services.db.environment.DB": b"q",
        },
    ),
    "kubernetes": (
        b"k8s/secret.yaml",
        b"apiVersion: v1\nkind: Secret\nmetadata: {name: db}\ndata:\n  token: abc\n",
        {
            "apiVersion": b"v1",
            "kind": b"Secret",
            "metadata.name": b"db",
            "data.token": b"abc",
        },
    ),
    "kubernetes, several documents": (
        b"all.yaml",
        b"---\nkind: Secret\nmetadata: {name: db}\ndata: {token: abc}\n---\n---\n"
        b"kind: Pod\nmetadata: {name: w}\nenv:\n- name: A\n  value: x\n---\nplain: y\n",
        {
            "Secret/db:kind": b"Secret",
            "Secret/db:metadata.name": b"db",
            "Secret/db:data.token": b"abc",
            "Pod/w:kind": b"Pod",
            "Pod/w:metadata.name": b"w",
            "Pod/w:env[name=A].name": b"A",
            "Pod/w:env[name=A].value": b"x",
            "#3:plain": b"y",
        },
    ),
    "helm template": (
        b"chart/templates/secret.yaml",
        b"{{- if .Values.on }}\na: {{ .Values.a }}\nb: \"{{ .b }}x\"\n{{- end }}\nc: d\n",
        {"a": b"{{ .Values.a }}", "b": b"{{ .b }}x", "c": b"d"},
    ),
    "json": (
        b"appsettings.json",
        b'{"Db": {"Password": "a\\"b", "n": 1}, // why\n'
        b' "users": [{"name": "x", "pw": "y"}, "z"],}',
        {
            "Db.Password": b'a\\"b',
            "Db.n": b"1",
            "users[name=x].name": b"x",
            "users[name=x].pw": b"y",
            "users[1]": b"z",
        },
    ),
    "toml": (
        b"config.toml",
        b'a = "x" # y\n[s.t]\nb = """\ntwo\nlines"""\nc = [1, {x = \'y\'}]\n[[users]]\nname = "q"\n'
        b'pw = "w"\n[[users]]\nname = "r"\npw = "v"\n',
        {
            "a": b"x",
            "s.t.b": b"two\nlines",
            "s.t.c[0]": b"1",
            "s.t.c[1].x": b"y",
            "users[name=q].name": b"q",
            "users[name=q].pw": b"w",
            "users[name=r].name": b"r",
            "users[name=r].pw": b"v",
        },
    ),
    "ini": (
        b"setup.cfg",
        b"[server one]\na = b ; why\nd: e\n  f\n[x]\na=c\n",
        {"server one.a": b"b", "server one.d": b"e\n  f", "x.a": b"c"},
    ),
    "aws credentials": (
        b".aws/credentials",
        b"[default]\naws_secret_access_key = abc/def+g=\n",
        {"default.aws_secret_access_key": b"abc/def+g="},
    ),
    "pypirc": (b".pypirc", b"[pypi]\npassword = a%b\n", {"pypi.password": b"a%b"}),
    "properties": (
        b"application.properties",
        b"db.password=a=b\ne: f\ng h\n#x=y\nlong=c\\\n  d\n",
        {"db.password": b"a=b", "e": b"f", "g": b"h", "long": b"c\\\n  d"},
    ),
    "npmrc": (
        b".npmrc",
        b"//registry.example.org/:_authToken=abc\n",
        {"//registry.example.org/:_authToken": b"abc"},
    ),
    "conf": (
        b"redis.conf",
        b'requirepass foo\na = b\nproxy_set_header Authorization "Bearer x";\n',
        {"requirepass": b"foo", "a": b"b", "proxy_set_header Authorization": b"Bearer x"},
    ),
    "systemd": (
        b"web.service",
        b'[Service]\nEnvironment="A=b c"\nEnvironment=D=e\n',
        {"Service.Environment.A": b"b c", "Service.Environment.D": b"e"},
    ),
    "xml": (
        b"web.config",
        b"<c><add key='X' value='y'/><server><id>i</id><password> p </password></server></c>",
        {
            "c.add[key=X].key": b"X",
            "c.add[key=X].value": b"y",
            "c.server[id=i].id": b"i",
            "c.server[id=i].password": b"p",
        },
    ),
    "property list": (
        b"Info.plist",
        b"<plist><dict><key>K</key><string>v</string></dict></plist>",
        {"plist.dict.K": b"v"},
    ),
    "terraform": (
        b"main.tf",
        b'variable "x" {\n  default = "y"\n}\nresource "a" "b" { p = "z" }\nl = {\n  q = var.x\n}\n'
        b"h = <<EOF\nabc\nEOF\n",
        {"variable.x.default": b"y", "resource.a.b.p": b"z", "l.q": b"var.x", "h": b"abc"},
    ),
    "dockerfile": (
        b"Dockerfile",
        b"ENV A=b C='d'\nENV E f\nRUN curl --token xyz -H 'Authorization: Bearer zz'\n",
        {"A": b"b", "C": b"d", "E": b"f", "--token": b"xyz", "-H Authorization": b"Bearer zz"},
    ),
    "shell": (
        b"deploy.sh",
        b'export A=b\nf() {\n local c="d e"\n}\nrun --pw=x -p y -e K=v\n# q=r\n',
        {"A": b"b", "c": b"d e", "--pw": b"x", "-p": b"y", "K": b"v"},
    ),
    "netrc": (
        b".netrc",
        b"machine h login u\n  password p\n",
        {"h.login": b"u", "h.password": b"p"},
    ),
    "postgres": (b"pgpass.conf", b"h:1:d:u:p:q\n", {"h:1:d:u": b"p:q"}),
    "python": (
        b"settings.py",
        b"PASSWORD = 'x'\nclass A(B):\n    tok: str = \"y\"\n    def f(self):\n"
        b"        self.p = os.environ['Z']\n        connect('h', password=\"pw\")\n"
        b"D = {'default': {'PASSWORD': 'q'}}\nK = os.getenv('A', 'default')\n"
        b"D['a'] = 'c'\nlogin('me', 'you')\n",
        {
            "PASSWORD": b"x",
            "A.tok": b"y",
            "A.f.p": b"os.environ['Z']",
            "A.f.connect": b"h",
            "A.f.connect.password": b"pw",
            "D.default.PASSWORD": b"q",
            "K": b"default",
            "D.a": b"c",
            "login": b"me",
            "login[1]": b"you",
        },
    ),
    "javascript": (
        b"config.ts",
        b"const a: Config = { db: { password: 'x', h: process.env.H || 'loc' } };\n"
        b"function foo(x) {\n  this.token = `abc`;\n}\nclass Q { #priv = 'z'; }\n",
        {
            "a.db.password": b"x",
            "a.db.h": b"loc",
            "foo.token": b"abc",
            "Q.priv": b"z",
        },
    ),
    "go": (
        b"main.go",
        b'const k = "v"\nfunc (r *T) Foo(x int) {\n'
        b'\tb := []byte("sec")\n\tc := Cfg{Token: "t"}\n}\n'
        b'var s string = "zz"\n',
        {"k": b"v", "Foo.b": b"sec", "Foo.c.Token": b"t", "s": b"zz"},
    ),
    "java": (
        b"A.java",
        b'public class A {\n  private static final String K = "v";\n  void f() {\n'
        b'    o.setPassword("pw");\n  }\n}\n',
        {"A.K": b"v", "A.f.setPassword": b"pw"},
    ),
    "c": (
        b"a.c",
        b'#define KEY "v"\nstatic const char *pw[] = "x";\n'
        b'int main(void)\n{\n  char p[10] = "y";\n}\n',
        {"KEY": b"v", "pw": b"x", "main.p": b"y"},
    ),
    "ruby": (b"a.rb", b"x = { :pw => 'a', tok: 'b' }\nENV['A'] = 'c'\n",
             {"x.pw": b"a", "x.tok": b"b", "ENV.A": b"c"}),
    "php": (
        b"wp-config.php",
        b"<?php define('DB_PASSWORD', 'x');\n$cfg = array('k' => 'v');\n",
        {"define": b"DB_PASSWORD", "DB_PASSWORD": b"x", "cfg.k": b"v"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_values_stand_under_the_names_that_a_reader_would_use(name):
    """Keys and spans of every kind of file."""
    path, content, expected = FILES[name]
    slots = read_slots(path, content)
    assert {slot.key: content[slot.start : slot.end] for slot in slots.slots} == expected
    assert slots.trouble == ""


@pytest.mark.parametrize("name", FILES)
def test_a_slot_knows_its_line(name):
    """Lines are counted from 1 to where the value starts."""
    path, content, _ = FILES[name]
    for slot in read_slots(path, content).slots:
        assert slot.line == content[: slot.start].count(b"\n") + 1


def test_a_file_that_is_one_key_is_one_slot():
    """Its key is empty: the slot is the file."""
    content = b"-----BEGIN THING-----\nabc\n-----END THING-----\n"
    for path in (b"home/.ssh/id_rsa", b"tls/server.pem", b"notes"):
        (slot,) = read_slots(path, content).slots
        assert (slot.key, slot.start, slot.end) == ("", 0, len(content) - 1)


def test_yaml_that_does_not_parse_is_read_line_by_line_and_says_so():
    """What is there is still told, with the trouble."""
    content = b"a: [1\nb:\n  c: foo # x\n  d: |\n    l1\n    l2\n  env:\n  - E=f\n"
    slots = read_slots(b"a.yml", content)
    assert slots.trouble == "not YAML in line 2"
    assert {slot.key: content[slot.start : slot.end] for slot in slots.slots} == {
        "a": b"[1", "b.c": b"foo", "b.d": b"l1\n    l2", "b.env.E": b"f",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (b"a.json", b'{"a": "b"'),
        (b"a.json", b'{"a": "b"]}'),
        (b"a.json", b"a: b\n"),
        (b"a.toml", b'a = "b\nc d\n'),
        (b"a.xml", b"<a><b c='d'></a>"),
        (b"a.xml", b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'),
        (b"a.tf", b"a = <<EOF\nb\n"),
        (b"a.yml", b"a: *nowhere\n"),
    ],
)
def test_a_file_that_does_not_parse_has_trouble(path, content):
    """So that nothing certain is said about it."""
    assert read_slots(path, content).trouble


def test_a_key_is_the_same_after_unrelated_edits():
    """Lines, items, documents and functions before it do not matter."""
    edits = {
        b"a.py": (b"def f():\n    connect(password='p')\n", b"import x\ny = 'z'\n"),
        b"a.yml": (b"env:\n- name: A\n  value: p\n", b"# c\nother:\n- name: B\n  value: z\n"),
        b"a.ini": (b"[s]\na = p\n", b"[t]\na = z\n"),
        b"a.js": (b"const c = {a: {b: 'p'}};\n", b"foo('z');\nconst d = {a: {b: 'z'}};\n"),
    }
    for path, (content, before) in edits.items():
        keys = [
            [
                slot.key
                for slot in read_slots(path, text).slots
                if text[slot.start : slot.end] == b"p"
            ]
            for text in (content, before + content)
        ]
        assert keys[0] == keys[1]
        assert len(keys[0]) == 1
