-- Files of NPCI and of banks: what came, what became of it, and the rows of the small ones. Amounts are paise; dates are days in IST.

-- A cycle that some file spoke of. The window is the grid's of that day, kept because grids change.
create table settlement_cycle (
  tenant_id   integer not null references tenant, -- whose institution it is; 0: no tenant's
  institution text not null,
  settled_on  date not null,
  cycle       text not null check (cycle ~ '^([1-9][0-9]?|DC[1-9])$'),
  window_from timestamptz not null,
  window_to   timestamptz not null,
  carries     text not null check (carries in ('payments', 'disputes', 'both')),
  opened_at   timestamptz not null,
  primary key (institution, settled_on, cycle),
  check (window_from < window_to)
);

create index settlement_cycle_by_end on settlement_cycle (institution, window_to desc);
call separate_tenants('settlement_cycle', 'select, insert');

-- One file that came. Its content lies encrypted beside the database under a key of its own, which is sealed here.
create table settlement_file (
  file_id     uuid primary key, -- sorts by time
  tenant_id   integer not null references tenant,
  institution text, --    null: its name says no bank of this hub
  kind        text check (kind in ('ntsl', 'raw_remitter', 'raw_beneficiary', 'timeout', 'adjustment', 'udir', 'bank_statement')),
  layout      text, --    'raw_remitter/csv/2', 'camt.053.001.08'
  name        text not null check (length(name) between 1 and 120), -- NPCI's pattern; of any other file masked
  settled_on  date, --    of a bank's statement: its last day
  cycle       text check (cycle ~ '^([1-9][0-9]?|DC[1-9])$'),
  serial      text not null default '',
  sha256      text not null check (sha256 ~ '^[0-9a-f]{64}$'), -- of the content, decrypted
  bytes       bigint not null check (bytes >= 0),
  encrypted   boolean not null, -- it came as an OpenPGP message
  signed      boolean not null, -- by a key of the other side that we know
  state       text not null check (state in ('accepted', 'superseded', 'refused')),
  supersedes  uuid references settlement_file,
  rows        bigint check (rows >= 0),
  amount      bigint,
  fault       text check (fault ~ '^[a-z_]{3,40}$'),
  refusal     jsonb, --   where it is wrong, what was expected, what was found: clipped and masked
  kept        boolean not null, -- its content is there
  sealed      bytea not null, --  JSON: its name as it came, and the key of its content
  came_by     text not null check (came_by in ('inbox', 'api')),
  received_by text not null,
  received_at timestamptz not null,
  check ((state = 'refused') = (fault is not null) and (fault is null) = (refusal is null)),
  check (state = 'refused' or (institution is not null and kind is not null and layout is not null and settled_on is not null and kept)),
  check (state = 'refused' or kind = 'bank_statement' or rows is not null)
);

-- One file of a kind counts for a cycle, and the same content is one file.
create unique index settlement_file_live on settlement_file (institution, kind, settled_on, coalesce(cycle, ''), serial)
  where state = 'accepted' and kind <> 'bank_statement';
create unique index settlement_file_content on settlement_file (institution, kind, settled_on, coalesce(cycle, ''), serial, sha256)
  where state <> 'refused';
-- What was refused and comes again just so is the same refusal.
create unique index settlement_file_refusal on settlement_file (tenant_id, sha256, name, fault) where state = 'refused';
create unique index settlement_file_once_replaced on settlement_file (supersedes) where supersedes is not null;
create index settlement_file_by_bank on settlement_file (institution, file_id);
create index settlement_file_of_cycle on settlement_file (institution, settled_on, cycle) where state = 'accepted';
call separate_tenants('settlement_file', 'select, insert, update');

-- The settlement statement of a cycle, line by line.
create table ntsl_line (
  file_id     uuid not null references settlement_file,
  tenant_id   integer not null references tenant,
  block       text not null check (block in ('line', 'total', 'dispute')),
  line        integer not null check (line >= 0), -- the row in the file; of totals their place
  description text not null,
  count       bigint not null default 0 check (count >= 0),
  debit       bigint not null check (debit >= 0),
  credit      bigint not null check (credit >= 0),
  direction   text check (direction in ('from', 'to')),
  bank        text,
  bank_ref    text,
  rrn         text,
  txn_on      date,
  sub_type    text check (sub_type in ('F3', 'FC')),
  primary key (file_id, block, line),
  check ((block = 'dispute') = (rrn is not null and direction is not null and bank is not null and txn_on is not null))
);
create index ntsl_line_by_rrn on ntsl_line (rrn) where rrn is not null;
call separate_tenants('ntsl_line', 'select, insert');

-- Adjustments, and of UDIR's report what has no fund movement.
create table adjustment_line (
  line_id          uuid primary key,
  file_id          uuid not null references settlement_file,
  tenant_id        integer not null references tenant,
  line             integer not null check (line > 0),
  report           text not null check (report in ('adjustment', 'udir')),
  flag             text not null,
  reason_code      text not null,
  rrn              text not null,
  remitter_bank    text not null,
  beneficiary_bank text not null,
  txn_on           date not null,
  adjusted_on      date not null,
  amount           bigint not null,
  adjusted         bigint not null, -- of UDIR's report 0
  compensation     bigint not null,
  fields           jsonb not null, -- the rest of the row, without what is personal
  sealed           bytea, --          JSON: accounts and mobiles; null: it has none
  unique (file_id, line)
);
create index adjustment_line_by_rrn on adjustment_line (rrn);
call separate_tenants('adjustment_line', 'select, insert');

-- Deemed payments, as the RC-08 report has them.
create table timeout_line (
  line_id          uuid primary key,
  file_id          uuid not null references settlement_file,
  tenant_id        integer not null references tenant,
  line             integer not null check (line > 0),
  rrn              text not null,
  stan             text not null,
  remitter_bank    text not null,
  beneficiary_bank text not null,
  at               timestamptz not null,
  amount           bigint not null check (amount >= 0),
  fields           jsonb not null,
  sealed           bytea not null, -- JSON: account and mobile
  unique (file_id, line)
);
create index timeout_line_by_rrn on timeout_line (rrn);
call separate_tenants('timeout_line', 'select, insert');

-- A statement of one account at the Reserve Bank, a sponsor or another bank: proved, opening and movements make the closing.
create table statement (
  statement_id  uuid primary key,
  file_id       uuid not null references settlement_file,
  tenant_id     integer not null references tenant,
  institution   text not null,
  ordinal       integer not null check (ordinal > 0), -- in its file
  profile       text not null, -- whose narrations it has: 'hdfc', 'rbi'
  account_index uuid not null, -- blind: of the account number
  number        text not null check (length(number) <= 60), -- its own, or '' where it has none
  from_on       date not null,
  until_on      date not null,
  opening       bigint not null,
  closing       bigint not null,
  lines         integer not null check (lines >= 0),
  continues     boolean not null, -- its opening is the closing of the statement before it, or there was none before it
  sealed        bytea not null, -- JSON: the account number
  check (from_on <= until_on)
);
create unique index statement_once on statement (institution, account_index, number, until_on) where number <> '';
create index statement_by_account on statement (institution, account_index, until_on);
create index statement_of_file on statement (file_id, ordinal);
call separate_tenants('statement', 'select, insert');

create table statement_line (
  line_id      uuid primary key,
  statement_id uuid not null references statement,
  tenant_id    integer not null references tenant,
  ordinal      integer not null check (ordinal > 0),
  row          integer not null check (row > 0), -- of the file
  booked_on    date not null,
  value_on     date not null,
  amount       bigint not null check (amount <> 0), -- more than 0: to our credit
  reference    text, -- the bank's, when it holds no account
  rrn          text check (rrn ~ '^[0-9]{12}$'), -- found in the narration, and of about that day
  settled_on   date, -- the cycle that the narration names, where it does
  cycle        text check (cycle ~ '^([1-9][0-9]?|DC[1-9])$'),
  sealed       bytea not null, -- JSON: the narration
  unique (statement_id, ordinal),
  check ((settled_on is null) = (cycle is null))
);
create index statement_line_by_rrn on statement_line (rrn) where rrn is not null;
create index statement_line_of_cycle on statement_line (settled_on, cycle) where cycle is not null;
call separate_tenants('statement_line', 'select, insert');

-- Sealed again under another key, and indexed under another.
grant update (sealed) on adjustment_line, timeout_line, statement_line to turant_hub;
grant update (sealed, account_index) on statement to turant_hub;
