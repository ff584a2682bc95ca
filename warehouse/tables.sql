-- The data model: what the warehouse keeps. Derived from the archive; may be deleted and built again at any time.

create table about (
    key     varchar primary key,  -- snapshot, built_at, reader, sample
    value   varchar
);

create table units (
    unit            varchar not null,  -- our id: the official code; commune + "-" + number for khu/ấp; code + ".2025" after the reform
    code            varchar,           -- official code of the General Statistics Office, as printed
    level           varchar not null,  -- country, province, district, commune, hamlet
    type            varchar,           -- Tỉnh, Thành phố, Thị xã, Huyện, Phường, Xã, Thị trấn, Khu phố, Ấp
    name            varchar not null,  -- without its type: Hiệp Thành
    full_name       varchar not null,  -- with its type: Phường Hiệp Thành
    parent          varchar,           -- unit it belongs to
    since           date,              -- first day of this life; null: from before the register begins
    until           date,              -- first day on which it is no more; null: still alive
    became          varchar,           -- what it became then: "unit:share unit:share", share of area
    people_2019     bigint,            -- people, census of 1 April 2019
    households_2019 bigint,            -- households, census of 1 April 2019
    area_km2        double,            -- area in square kilometres
    lat             double,            -- latitude of the centroid, degrees
    lon             double,            -- longitude of the centroid, degrees
    invented        bigint             -- 1: made up for the sample, stands for no real place
);

create table heirs (
    unit       varchar not null,  -- a unit that does not live on the days of this row
    seen_since date,              -- first of these days; null: from before the register begins
    seen_until date,              -- first day after them; null: without end
    heir       varchar not null,  -- as which unit of these days it is shown
    share      double not null,   -- how much of it; the shares of a unit add up to exactly 1
    kind       varchar,           -- by what a share below 1 was reckoned: people, area
    as_part    boolean not null   -- a khu/ấp that is shown itself, as a part of its heir
);

create table receipts (
    receipt     bigint primary key,  -- order of arrival, from 1
    sha256      varchar not null,    -- of the file; its name in the archive
    file        varchar not null,    -- name under which it came
    received_at timestamp not null,  -- when it came
    sender      varchar              -- from whom, a unit's name or mailbox; never a person
);

create table reports (
    report        bigint primary key,  -- receipt × 1000 + its place in the file
    receipt       bigint not null,     -- the file it was read from
    template      varchar,             -- version of the form, or mapping
    form          varchar,             -- monthly, periodic
    unit          varchar,             -- who reports
    told_by       varchar,             -- the unit above it that told of it in a table of its own; null: itself
    period        varchar,             -- 2024-06, 2024-Q2, 2024-H1, 2024, plan
    sheet         varchar,             -- first sheet read
    received_at   timestamp not null,  -- when it came
    decided_at    timestamp,           -- when an officer accepted it; null: it counts since it came
    accepted      boolean not null,    -- false: a blocking problem, no facts
    superseded_at timestamp,           -- when a report came that stands in its place
    columns       varchar              -- json: field → [sheet, column] of a table or [sheet, cell] of a list
);

create table targets (
    receipt     bigint not null,   -- the sheet it was read from; of several for one unit and indicator the last counts
    unit        varchar not null,  -- to whom it was assigned (III.3)
    indicator   varchar not null,  -- which indicator, by its id
    target      double not null,   -- what is to be reached, in what the indicator is measured in
    period      varchar,           -- 2025, 2025-Q2; null: whenever it is looked at
    first_month bigint,            -- of that period, months since January of year 0
    last_month  bigint,            -- the same, inclusive
    received_at timestamp not null,  -- when the sheet came
    sheet       varchar,           -- sheet and cell it stands in
    cell        varchar            -- C12
);

create table facts (
    report      bigint not null,   -- report it stands in
    unit        varchar not null,  -- whose numbers these are
    level       varchar not null,  -- level of that unit
    sheet       varchar not null,  -- sheet of the workbook
    row_number  bigint,            -- row in the sheet; null where the numbers stand in a list, one below the other
    note        varchar,           -- what the unit noted beside the row
    first_month bigint not null,   -- months since January of year 0
    last_month  bigint not null,   -- the same, inclusive
    recency     bigint not null,   -- orders the reports of one unit: the greatest is the last
    adds_up     boolean not null  -- shortest kind of report of its form: its flows are summed
    /* and a column for each field of warehouse/fields.py, null where the cell was blank */
);

create table problems (
    report   bigint not null,   -- report it concerns
    kind     varchar not null,  -- as in data_ingest/problems.py
    blocks   boolean not null,  -- the report is not taken
    sheet    varchar,           -- sheet of the workbook
    cell     varchar,           -- C12
    given    varchar,           -- what stood there
    parts    varchar            -- json: what else the message says
);

create table expected (
    form        varchar not null,  -- monthly, periodic
    unit        varchar not null,  -- who must report
    period      varchar not null,  -- 2024-06, 2024-Q2
    first_month bigint not null,   -- months since January of year 0
    last_month  bigint not null,   -- the same, inclusive
    due         date not null,     -- last day on time
    adds_up     boolean not null   -- shortest kind of report of its form
);
