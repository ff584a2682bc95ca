-- What the units of the country tell, month by month: growth that saturates, seasons, silence, lateness, corrections.
-- Each chance follows from the unit and the month alone, so that every run tells the same.

create temp macro chance(unit, age, what) as (hash(unit || ' ' || age || ' ' || what || ' 5681') % 10000) / 10000.0;
create temp macro grown(age, ceiling, middle) as ceiling / (1 + exp(-(age - middle) / 4.2));

create temp table homes as
    select unit, parent, households_2019 as households, people_2019 as people,
           0.25 + 0.15 * chance(unit, 0, 'ceiling') as ceiling, 7.0 + 5 * chance(unit, 0, 'middle') as middle,
           (6 * chance(unit, 0, 'team'))::int - 8 as team_month, 8 + (6 * chance(unit, 0, 'size'))::int as team_size
    from units where level = 'hamlet';

-- Who sends which report when: some send nothing, some are late, some correct what they sent.
create temp table sent as
    with owed as (
        select 'monthly' as form, unit, level, 'monthly_2024' as template, 12 * year + number - 1 as last_month,
               12 * year + number - 1 as first_month, strftime(make_date(year, number, 1), '%Y-%m') as period,
               make_date(year, number, 19) as due, 0 as recency, true as adds_up
        from units, range(2023, 2026) y(year), range(1, 13) n(number) where level = 'commune'
        union all
        select 'periodic', unit, level, 'periodic_2024', 12 * year + 3 * number - 1, 12 * year + 3 * number - 3,
               year || '-Q' || number, make_date(year, 3 * number, 19), 1, true
        from units, range(2023, 2026) y(year), range(1, 5) n(number) where level = 'district'
        union all
        select 'provincial', unit, level, 'provincial_2024', 12 * year + 11, 12 * year, year::varchar,
               make_date(year, 12, 4), 3, true
        from units, range(2023, 2026) y(year) where level = 'province'
    )
    select *, row_number() over (order by received_at, unit, period, version)::bigint + 1 as receipt from (
        select o.* exclude (due), version,
               due::timestamp + to_seconds((case
                   when version = 1 then 86400 * (5 + 20 * chance(unit, last_month, 'corrected'))
                   when chance(unit, last_month, 'late') < 0.08 then 86400 * (1 + 9 * chance(unit, last_month, 'days'))
                   else -86400 * 6 * chance(unit, last_month, 'early') end)::bigint) as received_at
        from owed o, range(0, 2) v(version)
        where chance(unit, last_month, 'silent') >= 0.02
          and (version = 0 or chance(unit, last_month, 'again') < 0.02)
    );

insert into receipts
    select receipt, sha256(unit || period || version), form || '_' || unit || '_' || period || '_' || version || '.xlsx',
           received_at, 'văn phòng ' || unit
    from sent order by receipt;

insert into reports by name
    select receipt * 1000 as report, receipt, template, form, unit, period, 'Báo cáo' as sheet, received_at,
           true as accepted,
           case when version = 0 then lead(received_at) over (partition by unit, form, period order by version)
           end as superseded_at,
           (select columns from printed p where p.form = sent.form) as columns
    from sent order by receipt;

insert into problems by name
    select receipt * 1000 as report, 'read_as' as kind, false as blocks, 'Báo cáo' as sheet, 'D12' as cell,
           '4,957' as given, '{"label": "Tổng số hộ", "value": "4957"}' as parts
    from sent where chance(unit, last_month, 'problem') < 0.1 order by report;
