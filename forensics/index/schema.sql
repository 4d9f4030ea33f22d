-- The index of git-forensics. It holds no secret: values are keyed fingerprints, and stored text
-- that itself contained one is masked. All times are seconds since 1970-01-01 UTC.

CREATE TABLE meta (
    -- One row a fact: index_id, key_id, seal; journal, triage: what these tables are sealed with.
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
    -- What people and this program did, in order; what history says stands in the other tables.
    -- Rows are only ever added, numbered from 1 without a gap.
    id INTEGER PRIMARY KEY CHECK (id > 0),
    time REAL NOT NULL,
    -- What it belongs to: `secret:` and a fingerprint, `scan:` and a run, or `index`.
    conversation TEXT NOT NULL CHECK (conversation <> ''),
    -- The row that caused this one.
    related_to INTEGER REFERENCES journal (id) CHECK (related_to < id),
    -- Who did it, as the system or FORENSICS_ACTOR names them.
    actor TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind <> ''),
    subject TEXT NOT NULL,
    -- A JSON object.
    detail TEXT NOT NULL CHECK (detail GLOB '{*}'),
    -- HMAC under the key over the chain of the row before and all of this one.
    chain BLOB NOT NULL CHECK (length(chain) = 32)
) STRICT;
CREATE INDEX journal_conversation ON journal (conversation);
CREATE INDEX journal_kind ON journal (kind);
CREATE TRIGGER journal_keeps_its_rows BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_never_changes BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TABLE triage (
    -- What people decided about a secret, by its fingerprint: wherever it stands, and also before
    -- a scan into this index has found it. meta.triage seals all rows.
    id INTEGER PRIMARY KEY,
    fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
    state TEXT NOT NULL
        CHECK (state IN ('open', 'confirmed', 'false-positive', 'accepted', 'revoked', 'test')),
    owner TEXT NOT NULL,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    -- For a revocation: what shows it, and when it was.
    evidence TEXT NOT NULL,
    revoked_at INTEGER,
    -- From then on the secret is open again.
    expires INTEGER,
    -- When it was decided and by whom; of an imported decision, as its file says.
    changed INTEGER NOT NULL,
    actor TEXT NOT NULL,
    -- Where it stood then, so that a new place and a return can be told: see triage_places.py;
    -- nowhere that was known, if it was decided before a scan found it.
    places BLOB,
    -- Rows of journal: what made it, what reopened it, and what replaced or undid it.
    made_by INTEGER NOT NULL REFERENCES journal (id),
    reopened_by INTEGER REFERENCES journal (id),
    ended_by INTEGER REFERENCES journal (id),
    -- Until when its owner is to have rotated it. The last column: what seals rows leaves it out
    -- where it is empty, so that rows of version 1 keep their seal.
    due INTEGER
) STRICT;
CREATE UNIQUE INDEX triage_now ON triage (fingerprint) WHERE ended_by IS NULL;
CREATE INDEX triage_ended ON triage (ended_by);

CREATE VIEW triaged AS
    -- What holds now of each secret; no row where it is open.
    SELECT fingerprint, state FROM triage
    WHERE ended_by IS NULL AND reopened_by IS NULL AND state <> 'open'
        AND (expires IS NULL OR expires > CAST(strftime('%s', 'now') AS INTEGER));

CREATE TABLE commit_seen (
    -- The run that first named a commit in an event: so what history says and what people did can
    -- be told in one order.
    repository_id INTEGER NOT NULL REFERENCES repository (id),
    oid BLOB NOT NULL,
    run_id INTEGER NOT NULL REFERENCES run (id),
    PRIMARY KEY (repository_id, oid)
) STRICT, WITHOUT ROWID;

CREATE TABLE repository (
    id INTEGER PRIMARY KEY,
    -- Where it was scanned, as bytes of the file system, with any secret in it masked.
    path BLOB NOT NULL,
    -- Keyed fingerprint of the whole path.
    fingerprint BLOB NOT NULL UNIQUE,
    object_format TEXT NOT NULL CHECK (object_format IN ('sha1', 'sha256', 'none'))
) STRICT;

CREATE TABLE run (
    -- One scan, from start to end or to the moment it was killed.
    id INTEGER PRIMARY KEY,
    repository_id INTEGER NOT NULL REFERENCES repository (id),
    started REAL NOT NULL,
    finished REAL,
    -- Detectors and rules it looked with.
    scanner TEXT NOT NULL,
    engine TEXT NOT NULL,
    objects INTEGER NOT NULL DEFAULT 0 CHECK (objects >= 0),
    bytes INTEGER NOT NULL DEFAULT 0 CHECK (bytes >= 0),
    -- In the history known when it ended.
    commits INTEGER NOT NULL DEFAULT 0 CHECK (commits >= 0)
) STRICT;

CREATE TABLE rule (
    id INTEGER PRIMARY KEY,
    -- provider.kind
    name TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('low', 'medium', 'high', 'critical')),
    why TEXT NOT NULL,
    remedy TEXT NOT NULL,
    -- 1 if it knows only the context of a value, not its provider's shape.
    generic INTEGER NOT NULL CHECK (generic IN (0, 1))
) STRICT;

CREATE TABLE secret (
    -- One value in canonical form, wherever and however often it stands.
    id INTEGER PRIMARY KEY,
    -- HMAC-SHA-256 of the value under the key named in meta.
    fingerprint BLOB NOT NULL UNIQUE CHECK (length(fingerprint) = 32),
    -- What may be shown of the value, as its rule has it.
    preview TEXT NOT NULL,
    -- Bytes of the value.
    length INTEGER NOT NULL CHECK (length > 0),
    character_class TEXT NOT NULL,
    -- The most specific rule that finds it, and how sure that is.
    rule_id INTEGER NOT NULL REFERENCES rule (id),
    confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1)
) STRICT;

CREATE TABLE object (
    -- Something that holds a secret: a blob, a commit's or tag's text, or a path name.
    id INTEGER PRIMARY KEY,
    repository_id INTEGER NOT NULL REFERENCES repository (id),
    -- Object id; for a name, or a file outside git, a keyed fingerprint of it.
    oid BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('blob', 'commit', 'tag', 'tree', 'path', 'ref', 'file')),
    -- 1 once it has vanished from the repository.
    gone INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1)),
    UNIQUE (repository_id, oid, kind)
) STRICT;

CREATE TABLE sighting (
    -- A secret at a span of an object.
    id INTEGER PRIMARY KEY,
    secret_id INTEGER NOT NULL REFERENCES secret (id),
    object_id INTEGER NOT NULL REFERENCES object (id),
    rule_id INTEGER NOT NULL REFERENCES rule (id),
    preview TEXT NOT NULL,
    start_byte INTEGER NOT NULL CHECK (start_byte >= 0),
    end_byte INTEGER NOT NULL CHECK (end_byte > start_byte),
    -- Lines and columns count from 1; the end is inclusive. Columns count bytes.
    start_line INTEGER NOT NULL CHECK (start_line >= 1),
    start_column INTEGER NOT NULL CHECK (start_column >= 1),
    end_line INTEGER NOT NULL CHECK (end_line >= start_line),
    end_column INTEGER NOT NULL CHECK (end_column >= 1),
    confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    -- Whether the token passes the test of its own format, such as a checksum; NULL without one.
    checksum INTEGER CHECK (checksum IN (0, 1)),
    -- JSON lists of pairs: what the token says about itself, and what moved a generic score.
    facts TEXT,
    reasons TEXT,
    -- What the value had to be decoded from, outermost first: base64 > gzip.
    decoded TEXT,
    -- Span and line of the id or secret that belongs to this one.
    partner_start INTEGER,
    partner_end INTEGER,
    partner_line INTEGER,
    -- What in the content, or in a list by its content, says that this is to be ignored. After a
    -- question mark, what does so only at some paths or in some commits.
    ignored TEXT,
    -- Keyed hash of what is before it on its line.
    mark BLOB NOT NULL,
    -- 1 where no rule finds it: its value is known from elsewhere and stands here too.
    by_value INTEGER NOT NULL CHECK (by_value IN (0, 1)),
    -- The run that last saw it.
    run_id INTEGER NOT NULL REFERENCES run (id),
    -- Secrets out of one archive or compressed stream have one place.
    UNIQUE (object_id, start_byte, end_byte, secret_id)
) STRICT;
CREATE INDEX sighting_secret ON sighting (secret_id);

CREATE TABLE swept (
    -- Secrets whose values were looked for in every object covered, not only where rules look.
    repository_id INTEGER NOT NULL REFERENCES repository (id),
    secret_id INTEGER NOT NULL REFERENCES secret (id),
    PRIMARY KEY (repository_id, secret_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE path (
    id INTEGER PRIMARY KEY,
    -- Bytes of the name, with any secret in it masked.
    shown BLOB NOT NULL,
    -- Keyed fingerprint of the whole name where it is masked, else empty.
    fingerprint BLOB NOT NULL DEFAULT x'',
    UNIQUE (shown, fingerprint)
) STRICT;

CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    name BLOB NOT NULL,
    email BLOB NOT NULL,
    UNIQUE (name, email)
) STRICT;

CREATE TABLE git_commit (
    -- Commits that introduced or removed a secret, or hold one in their message.
    id INTEGER PRIMARY KEY,
    repository_id INTEGER NOT NULL REFERENCES repository (id),
    oid BLOB NOT NULL,
    author_id INTEGER REFERENCES person (id),
    author_time INTEGER,
    -- Minutes east of UTC.
    author_offset INTEGER,
    committer_id INTEGER REFERENCES person (id),
    commit_time INTEGER,
    commit_offset INTEGER,
    -- What still leads to it, the strongest: a branch or another ref, a tag, a stash, a reflog, or
    -- nothing; gone once it has vanished from the repository.
    reach TEXT NOT NULL CHECK (reach IN ('branch', 'tag', 'stash', 'reflog', 'none', 'gone')),
    UNIQUE (repository_id, oid)
) STRICT;
CREATE INDEX git_commit_author ON git_commit (author_id);
CREATE INDEX git_commit_committer ON git_commit (committer_id);

CREATE TABLE occurrence (
    -- A secret at a path, or in the text of a commit or tag (then without a path).
    id INTEGER PRIMARY KEY,
    repository_id INTEGER NOT NULL REFERENCES repository (id),
    secret_id INTEGER NOT NULL REFERENCES secret (id),
    path_id INTEGER REFERENCES path (id),
    -- An object in which it stands, so that it can be shown: the one first introduced.
    object_id INTEGER NOT NULL REFERENCES object (id),
    -- What still leads to it, the strongest; gone once every commit that put it there is.
    reach TEXT NOT NULL CHECK (reach IN ('branch', 'tag', 'stash', 'reflog', 'none', 'gone')),
    -- Whether it stands in the commit at HEAD, at the tip of any ref, and at that of the default
    -- branch.
    at_head INTEGER NOT NULL CHECK (at_head IN (0, 1)),
    at_tip INTEGER NOT NULL CHECK (at_tip IN (0, 1)),
    at_default INTEGER NOT NULL CHECK (at_default IN (0, 1)),
    -- Its bit in what a ref holds and a person had.
    number INTEGER NOT NULL CHECK (number >= 0),
    -- Id of a blob that holds it at a tip, the default branch's first; empty where it stands at none.
    here BLOB NOT NULL,
    -- Key of the slot that it stands in there, with any secret in it masked.
    slot TEXT
) STRICT;
CREATE INDEX occurrence_secret ON occurrence (secret_id);
CREATE INDEX occurrence_repository ON occurrence (repository_id);
CREATE INDEX occurrence_path ON occurrence (path_id);

CREATE TABLE occurrence_event (
    -- Where an occurrence came (present, absent in every parent), went (absent, present in a
    -- parent), or changed its places inside the file. On a graph with merges there can be several
    -- of each.
    id INTEGER PRIMARY KEY,
    occurrence_id INTEGER NOT NULL REFERENCES occurrence (id) ON DELETE CASCADE,
    commit_id INTEGER NOT NULL REFERENCES git_commit (id),
    kind TEXT NOT NULL CHECK (kind IN ('introduced', 'removed', 'changed')),
    how TEXT NOT NULL CHECK (how IN ('introduced', 'copied', 'moved', 'reintroduced',
        'rolled-back', 'removed', 'replaced', 'externalised', 'placeholder', 'merged', 'renamed')),
    -- Key of the slot that it happened to, with any secret in it masked.
    slot TEXT,
    -- What an externalised value comes through, such as vault.
    via TEXT NOT NULL,
    -- Why it may be something else; empty where it is sure.
    uncertain TEXT NOT NULL,
    -- Place in an order that follows ancestry, parents first.
    sequence INTEGER NOT NULL,
    -- Id of the object it stands in after the event, or stood in before it was removed; empty where
    -- only a parent that was merged had it.
    oid BLOB NOT NULL,
    -- The event that this one goes with: what it was moved from, replaced by, or brought back.
    related_id INTEGER REFERENCES occurrence_event (id) ON DELETE SET NULL,
    -- 0 if it came and a commit on top of that took it away, or the other way round.
    lasting INTEGER NOT NULL CHECK (lasting IN (0, 1)),
    UNIQUE (occurrence_id, commit_id, kind)
) STRICT;
-- Whatever is referred to is replaced with each scan: without these every row that goes would have
-- all others looked through for what refers to it.
CREATE INDEX occurrence_event_commit ON occurrence_event (commit_id);
CREATE INDEX occurrence_event_related ON occurrence_event (related_id)
    WHERE related_id IS NOT NULL;

CREATE TABLE ignored (
    -- What a list says, by path, commit or fingerprint, of a sighting at an occurrence, as the last
    -- scan was told.
    occurrence_id INTEGER NOT NULL REFERENCES occurrence (id) ON DELETE CASCADE,
    -- A row of sighting.
    sighting_id INTEGER NOT NULL,
    -- By what it is ignored; empty where its rule does not apply to that path at all.
    reason TEXT NOT NULL,
    PRIMARY KEY (occurrence_id, sighting_id)
) STRICT, WITHOUT ROWID;

CREATE VIEW finding AS
    -- Each sighting in the object that shows an occurrence, and what it is ignored by, if it is.
    SELECT occurrence.id AS occurrence_id, sighting.id AS sighting_id, occurrence.repository_id,
        CASE WHEN substr(sighting.ignored, 1, 1) <> '?' THEN sighting.ignored ELSE reason END
            AS ignored_by
    FROM occurrence
    JOIN sighting ON sighting.object_id = occurrence.object_id
        AND sighting.secret_id = occurrence.secret_id
    LEFT JOIN ignored ON occurrence_id = occurrence.id AND sighting_id = sighting.id
    WHERE reason IS NULL OR reason <> '';

CREATE TABLE place (
    -- Occurrences that are findings, once more, narrow and with what takes a walk through other
    -- tables worked out: what browsing filters and counts by. Made from the other tables whenever
    -- these are placed.
    occurrence_id INTEGER PRIMARY KEY REFERENCES occurrence (id) ON DELETE CASCADE,
    secret_id INTEGER NOT NULL REFERENCES secret (id),
    repository_id INTEGER NOT NULL REFERENCES repository (id),
    path_id INTEGER REFERENCES path (id),
    -- Bytes of the path up to the first slash and with it; empty where there is none.
    folder BLOB NOT NULL,
    status TEXT NOT NULL
        CHECK (status IN ('present', 'removed', 'stash', 'reflog', 'unreachable', 'gone')),
    -- 1 where every finding there is ignored.
    ignored INTEGER NOT NULL CHECK (ignored IN (0, 1))
) STRICT;
CREATE INDEX place_secret
    -- With all that queries ask of the places of a secret.
    ON place (secret_id, path_id, repository_id, status, ignored);
CREATE INDEX place_repository ON place (repository_id, secret_id);
CREATE INDEX place_path ON place (path_id, secret_id);
CREATE INDEX place_folder ON place (folder, secret_id);
CREATE INDEX place_status ON place (status, ignored, secret_id);

CREATE TABLE introducer (
    -- Who introduced a secret at a place, with any commit.
    occurrence_id INTEGER NOT NULL REFERENCES place (occurrence_id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES person (id),
    secret_id INTEGER NOT NULL REFERENCES secret (id),
    PRIMARY KEY (occurrence_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX introducer_person ON introducer (person_id, secret_id);

CREATE TABLE tally (
    -- What browsing sorts by and shows of a secret, by repository; made together with `place`.
    secret_id INTEGER NOT NULL REFERENCES secret (id),
    repository_id INTEGER NOT NULL REFERENCES repository (id),
    sightings INTEGER NOT NULL CHECK (sightings >= 0),
    -- Rows of `place`, and how many paths these have.
    places INTEGER NOT NULL CHECK (places >= 0),
    paths INTEGER NOT NULL CHECK (paths >= 0),
    -- When it first came, and last came, went or changed, by the committers' clocks.
    first_seen INTEGER,
    last_seen INTEGER,
    -- Of a token's own checksum: whether any sighting's is right.
    checksum INTEGER CHECK (checksum IN (0, 1)),
    PRIMARY KEY (secret_id, repository_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tally_repository ON tally (repository_id);

CREATE TABLE fate (
    -- What the status of a secret and its exposure over time follow from, by repository; made
    -- together with `place`. Joined over repositories: the largest of each flag, the sum of `left`.
    -- Flags that end in `_any` go by all events, the others by those in commits that a branch or tag
    -- leads to.
    secret_id INTEGER NOT NULL REFERENCES secret (id),
    repository_id INTEGER NOT NULL REFERENCES repository (id),
    -- Whether it has a row of `place`, and one that is not ignored.
    placed INTEGER NOT NULL CHECK (placed IN (0, 1)),
    counts INTEGER NOT NULL CHECK (counts IN (0, 1)),
    -- Places at which it stands where people work, and whether it stands at the tip of any ref.
    left INTEGER NOT NULL CHECK (left >= 0),
    at_tip INTEGER NOT NULL CHECK (at_tip IN (0, 1)),
    -- Whether a branch or tag leads to a place.
    worked_on INTEGER NOT NULL CHECK (worked_on IN (0, 1)),
    -- Whether it was taken away for good; whether it was replaced or externalised there, or in a
    -- place that it kept; and whether replaced.
    ended INTEGER NOT NULL CHECK (ended IN (0, 1)),
    changed INTEGER NOT NULL CHECK (changed IN (0, 1)),
    replaced INTEGER NOT NULL CHECK (replaced IN (0, 1)),
    ended_any INTEGER NOT NULL CHECK (ended_any IN (0, 1)),
    changed_any INTEGER NOT NULL CHECK (changed_any IN (0, 1)),
    replaced_any INTEGER NOT NULL CHECK (replaced_any IN (0, 1)),
    -- Whether it was rolled back to a place at which it stands where people work, or at any tip.
    back INTEGER NOT NULL CHECK (back IN (0, 1)),
    back_at_tip INTEGER NOT NULL CHECK (back_at_tip IN (0, 1)),
    -- Whether anything about this is uncertain.
    doubtful INTEGER NOT NULL CHECK (doubtful IN (0, 1)),
    -- When it first came and was last taken away, by the committers' clocks.
    came INTEGER,
    went INTEGER,
    PRIMARY KEY (secret_id, repository_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX fate_repository ON fate (repository_id);

CREATE TABLE ref (
    id INTEGER PRIMARY KEY,
    repository_id INTEGER NOT NULL REFERENCES repository (id),
    name BLOB NOT NULL,
    target BLOB NOT NULL,
    peeled BLOB NOT NULL,
    -- branch, tag, remote, pull-request, note, stash, head or other.
    kind TEXT NOT NULL,
    -- Whether it stands for the default branch.
    is_default INTEGER NOT NULL CHECK (is_default IN (0, 1)),
    -- Place of its commit in an order that follows ancestry, parents first.
    sequence INTEGER,
    -- Which occurrences stand at its tip, or in messages of commits that it leads to: their numbers
    -- as bits, the lowest first.
    holds BLOB NOT NULL
) STRICT;
CREATE INDEX ref_repository ON ref (repository_id);

CREATE TABLE default_stay (
    -- A stretch of the default branch's line of first parents that held a secret.
    id INTEGER PRIMARY KEY,
    repository_id INTEGER NOT NULL REFERENCES repository (id),
    secret_id INTEGER NOT NULL REFERENCES secret (id),
    -- The first commit that held it, and the first that did not any more.
    since_id INTEGER NOT NULL REFERENCES git_commit (id),
    until_id INTEGER REFERENCES git_commit (id),
    commits INTEGER NOT NULL CHECK (commits > 0)
) STRICT;
CREATE INDEX default_stay_repository ON default_stay (repository_id);
CREATE INDEX default_stay_since ON default_stay (since_id);
CREATE INDEX default_stay_until ON default_stay (until_id);

CREATE TABLE access (
    -- What authors and committers had when they committed: all that the commit and those above it
    -- ever held.
    repository_id INTEGER NOT NULL REFERENCES repository (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    -- Numbers of occurrences as bits, the lowest first.
    holds BLOB NOT NULL,
    PRIMARY KEY (repository_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX access_person ON access (person_id);

CREATE TABLE skipped (
    -- Quarantine: what could not be read or confirmed, until a later scan reads it.
    id INTEGER PRIMARY KEY,
    repository_id INTEGER NOT NULL REFERENCES repository (id),
    -- Object id; empty where a whole pack or the history is meant.
    oid BLOB NOT NULL,
    reason TEXT NOT NULL,
    -- 1 where the object was read as far as these rules can, and is read again only when somebody
    -- asks for that: an encrypted member of an archive, say.
    lasting INTEGER NOT NULL DEFAULT 0 CHECK (lasting IN (0, 1)),
    -- The runs that first and last tried, and how many did.
    first_run_id INTEGER NOT NULL REFERENCES run (id),
    run_id INTEGER NOT NULL REFERENCES run (id),
    attempts INTEGER NOT NULL DEFAULT 1 CHECK (attempts >= 1),
    -- A seal under the key, once somebody has acknowledged that it cannot be read.
    acknowledged BLOB,
    UNIQUE (repository_id, oid, reason)
) STRICT;

CREATE TABLE coverage (
    -- What was scanned. Rows count only if their seal is right.
    repository_id INTEGER NOT NULL REFERENCES repository (id),
    scanner TEXT NOT NULL,
    -- pack: path and checksum of a pack all of whose objects are covered; loose: ids of loose ones;
    -- ids: object ids one after another; tips: digest of the refs and reflogs placed last;
    -- lfs: pointers of LFS, and what came of their payloads;
    -- history and findings: digests of the rows that go with these, under no scanner's name.
    kind TEXT NOT NULL
        CHECK (kind IN ('pack', 'loose', 'ids', 'tips', 'lfs', 'history', 'findings')),
    name BLOB NOT NULL,
    ids BLOB NOT NULL,
    seal BLOB NOT NULL,
    PRIMARY KEY (repository_id, scanner, kind, name)
) STRICT;

CREATE TABLE history (
    -- Commits and what they changed, compressed; so a new rule needs no new walk.
    repository_id INTEGER NOT NULL REFERENCES repository (id),
    sequence INTEGER NOT NULL,
    data BLOB NOT NULL,
    seal BLOB NOT NULL,
    PRIMARY KEY (repository_id, sequence)
) STRICT;

CREATE TABLE drift_path (
    -- A configuration file.
    id INTEGER PRIMARY KEY,
    -- Keyed fingerprint of the whole name.
    mark BLOB NOT NULL UNIQUE CHECK (length(mark) = 32),
    -- Bytes of the name, with any secret in it masked.
    shown BLOB NOT NULL,
    masked INTEGER NOT NULL CHECK (masked IN (0, 1))
) STRICT;

CREATE TABLE drift_step (
    -- A commit that changes configuration files against its first parent. On which commit it
    -- stands decides which steps came before it, so lines that share commits share their steps.
    id INTEGER PRIMARY KEY,
    repository_id INTEGER NOT NULL REFERENCES repository (id),
    oid BLOB NOT NULL,
    -- The newest such commit among its first parents.
    previous_id INTEGER REFERENCES drift_step (id) CHECK (previous_id < id),
    -- How many came before it.
    number INTEGER NOT NULL CHECK (number >= 0),
    merge INTEGER NOT NULL CHECK (merge IN (0, 1)),
    -- Name and address of the author, secrets masked.
    author TEXT NOT NULL,
    -- When it was committed, and minutes east of UTC there.
    time INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    -- Why nothing before it counts; it then lists every file that it holds.
    cut TEXT NOT NULL,
    -- HMAC under the key over the chain of the previous step and all of this one.
    chain BLOB NOT NULL CHECK (length(chain) = 32),
    UNIQUE (repository_id, oid)
) STRICT;
CREATE INDEX drift_step_previous ON drift_step (previous_id);

CREATE TABLE drift_change (
    -- A configuration file that a step adds, changes or takes away.
    step_id INTEGER NOT NULL REFERENCES drift_step (id) ON DELETE CASCADE,
    path_id INTEGER NOT NULL REFERENCES drift_path (id),
    -- Ids of the blobs; empty where there is none.
    before BLOB NOT NULL,
    after BLOB NOT NULL,
    PRIMARY KEY (step_id, path_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX drift_change_path ON drift_change (path_id);

CREATE TABLE drift_line (
    -- The line of first parents of a ref or commit, as far as it was read for configuration. Rows
    -- count only if their seal is right, and the chain of their steps.
    id INTEGER PRIMARY KEY,
    repository_id INTEGER NOT NULL REFERENCES repository (id),
    -- Keyed fingerprint of what was asked for, and its name with any secret masked.
    mark BLOB NOT NULL CHECK (length(mark) = 32),
    ref TEXT NOT NULL,
    is_default INTEGER NOT NULL CHECK (is_default IN (0, 1)),
    -- The last commit that was looked at, and when it was made.
    tip BLOB NOT NULL,
    tip_time INTEGER NOT NULL,
    -- The newest step of the line.
    step_id INTEGER REFERENCES drift_step (id),
    -- Why the line does not go back to the beginning.
    cut TEXT NOT NULL,
    -- What told configuration files from others, and read them.
    reader BLOB NOT NULL,
    seal BLOB NOT NULL,
    UNIQUE (repository_id, mark)
) STRICT;
CREATE INDEX drift_line_step ON drift_line (step_id);

CREATE TABLE drift_reading (
    -- A version of a configuration file, read once. Rows count only if their seal, which covers the
    -- observations too, is right.
    id INTEGER PRIMARY KEY,
    repository_id INTEGER NOT NULL REFERENCES repository (id),
    path_id INTEGER NOT NULL REFERENCES drift_path (id),
    blob BLOB NOT NULL,
    -- The component that it belongs to, the environment and the role, as its place says.
    component TEXT NOT NULL,
    environment TEXT NOT NULL,
    role TEXT NOT NULL,
    -- Why it could not be parsed; then nothing in it is certain.
    trouble TEXT NOT NULL,
    reader BLOB NOT NULL,
    seal BLOB NOT NULL,
    UNIQUE (repository_id, path_id, blob)
) STRICT;
CREATE INDEX drift_reading_path ON drift_reading (path_id);

CREATE TABLE drift_key (
    -- A key, with any secret in it masked, and the environment that the file itself names; empty
    -- where its place says which it is.
    id INTEGER PRIMARY KEY,
    environment TEXT NOT NULL,
    key TEXT NOT NULL,
    UNIQUE (environment, key)
) STRICT;

CREATE TABLE drift_value (
    -- What is kept of a value.
    id INTEGER PRIMARY KEY,
    -- HMAC-SHA-256 of the value, as of secrets, and of its shape: the value without the names of
    -- environments and hosts.
    fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
    shape BLOB NOT NULL CHECK (length(shape) = 32),
    kind TEXT NOT NULL
        CHECK (kind IN ('literal', 'empty', 'placeholder', 'reference', 'ciphertext')),
    type TEXT NOT NULL CHECK (type IN ('string', 'number', 'boolean', 'null', 'untyped')),
    -- Words that tell of the value, in order, with spaces between.
    traits TEXT NOT NULL,
    UNIQUE (fingerprint, shape, kind, type, traits)
) STRICT;

CREATE TABLE drift_observation (
    -- A key with a value in a version of a file.
    reading_id INTEGER NOT NULL REFERENCES drift_reading (id) ON DELETE CASCADE,
    -- Its place among those of the file, from 0.
    number INTEGER NOT NULL CHECK (number >= 0),
    key_id INTEGER NOT NULL REFERENCES drift_key (id),
    value_id INTEGER NOT NULL REFERENCES drift_value (id),
    line INTEGER NOT NULL CHECK (line >= 0),
    PRIMARY KEY (reading_id, number)
) STRICT, WITHOUT ROWID;

CREATE VIEW drift_on_line AS
    -- Every step of every line.
    WITH RECURSIVE walked (line_id, step_id) AS (
        SELECT id, step_id FROM drift_line WHERE step_id IS NOT NULL
        UNION ALL
        SELECT line_id, previous_id FROM walked JOIN drift_step ON id = step_id
        WHERE previous_id IS NOT NULL
    )
    SELECT line_id, step_id, number FROM walked JOIN drift_step ON id = step_id;

CREATE VIEW drift_stay AS
    -- From which step on, and until before which, a key had a value in a file along a line; until_id
    -- is NULL where it still has it. Versions that do not parse, or were not read, end nothing.
    WITH version AS (
        SELECT on_line.line_id, change.path_id, change.step_id, on_line.number, reading.id AS reading_id
        FROM drift_on_line AS on_line
        JOIN drift_line AS line ON line.id = on_line.line_id
        JOIN drift_change AS change ON change.step_id = on_line.step_id
        LEFT JOIN drift_reading AS reading ON reading.repository_id = line.repository_id
            AND reading.path_id = change.path_id AND reading.blob = change.after
        WHERE change.after = x'' OR reading.trouble = ''
    ),
    numbered AS (
        SELECT *, row_number() OVER file AS place, lead(step_id) OVER file AS next_id FROM version
        WINDOW file AS (PARTITION BY line_id, path_id ORDER BY number)
    ),
    seen AS (
        SELECT numbered.*, key_id, value_id, line,
            -- The same for versions that follow each other.
            place - row_number() OVER (
                PARTITION BY line_id, path_id, key_id, value_id ORDER BY place
            ) AS island
        FROM numbered JOIN drift_observation USING (reading_id)
    )
    SELECT line_id, path_id, key_id, value_id, min(step_id) AS since_id,
        CASE WHEN count(*) = count(next_id) THEN max(next_id) END AS until_id,
        -- Of the file's line, in the last of these versions.
        max((place << 24) | line) & 0xffffff AS line,
        max(reading_id) AS reading_id
    FROM seen GROUP BY line_id, path_id, key_id, value_id, island;

CREATE VIEW drift_observed AS
    -- The same in words.
    SELECT drift_line.repository_id, drift_line.ref, drift_line.is_default, shown AS path,
        reading.component, reading.role,
        CASE drift_key.environment WHEN '' THEN reading.environment ELSE drift_key.environment END
            AS environment,
        key, stay.line, fingerprint, kind, since.oid AS from_commit, until.oid AS to_commit
    FROM drift_stay AS stay
    JOIN drift_line ON drift_line.id = stay.line_id
    JOIN drift_path ON drift_path.id = stay.path_id
    JOIN drift_reading AS reading ON reading.id = stay.reading_id
    JOIN drift_key ON drift_key.id = stay.key_id
    JOIN drift_value ON drift_value.id = stay.value_id
    JOIN drift_step AS since ON since.id = stay.since_id
    LEFT JOIN drift_step AS until ON until.id = stay.until_id;
