use super::*;

fn at(text: &str) -> DateTime<Utc> {
    Timestamp::parse(text).expect("an RFC 3339 time").utc()
}

fn calendar(zone: &str) -> Calendar {
    zone.parse().expect("a time zone")
}

fn hours(window: UtcWindow) -> i64 {
    (window.to - window.from).num_hours()
}

#[test]
fn a_day_on_which_the_clocks_change_has_23_or_25_hours() {
    let berlin = calendar("Europe/Berlin");
    let days = berlin.last_business_days(7, at("2026-03-30T12:00:00Z"));
    let lengths: Vec<i64> = days.iter().map(|(_, window)| hours(*window)).collect();
    assert_eq!(lengths, [24, 24, 24, 24, 24, 23, 14]);
    let days = berlin.last_business_days(2, at("2026-10-26T12:00:00Z"));
    assert_eq!(hours(days[0].1), 25);
}

#[test]
fn days_follow_each_other_without_a_gap() {
    for zone in [
        "America/Sao_Paulo",
        "America/New_York",
        "Asia/Kathmandu",
        "Africa/Cairo",
    ] {
        let days = calendar(zone).last_business_days(400, at("2018-12-31T23:59:59.999Z"));
        for pair in days.windows(2) {
            assert_eq!(pair[0].1.to, pair[1].1.from, "{zone} {}", pair[0].0);
        }
    }
}

#[test]
fn a_skipped_midnight_starts_the_day_later() {
    // In São Paulo the clocks went from 23:59:59 to 01:00:00 on 4 November 2018.
    let start = calendar("America/Sao_Paulo")
        .start_of(NaiveDate::from_ymd_opt(2018, 11, 4).expect("a day"));
    assert_eq!(start, at("2018-11-04T01:00:00-02:00"));
}

#[test]
fn a_gap_may_end_at_any_second_or_be_a_whole_day() {
    for (zone, day, start) in [
        ("Africa/Monrovia", (1972, 1, 7), "1972-01-07T00:44:30Z"),
        // The gap began half an hour before midnight.
        (
            "America/Toronto",
            (1919, 3, 31),
            "1919-03-31T00:30:00-04:00",
        ),
        ("Pacific/Apia", (2011, 12, 30), "2011-12-31T00:00:00+14:00"),
    ] {
        let day = NaiveDate::from_ymd_opt(day.0, day.1, day.2).expect("a day");
        let calendar = calendar(zone);
        assert_eq!(calendar.start_of(day), at(start), "{zone}");
        let before = calendar.day_of(at(start) - TimeDelta::seconds(1));
        assert!(before < day, "{zone}");
    }
}

#[test]
fn laws_of_2026_count() {
    for (zone, instant, day) in [
        ("America/Vancouver", "2026-11-29T07:30:00Z", 29),
        ("America/Edmonton", "2026-11-28T06:30:00Z", 28),
        ("America/Winnipeg", "2026-11-28T05:30:00Z", 28),
        ("Africa/Casablanca", "2026-11-27T23:30:00Z", 27),
    ] {
        let found = calendar(zone).day_of(at(instant));
        assert_eq!(
            NaiveDate::from_ymd_opt(2026, 11, day),
            Some(found),
            "{zone}"
        );
    }
    let vancouver = calendar("America/Vancouver");
    let today = vancouver.today(at("2026-11-29T11:00:00Z"));
    assert_eq!(
        vancouver.timestamp(today.from).to_string(),
        "2026-11-29T00:00:00.000-07:00"
    );
    let november = vancouver.month("2026-11".parse().expect("a month"));
    assert_eq!(november.to, at("2026-12-01T07:00:00Z"));
}

#[test]
fn the_first_and_last_days_of_time_do_no_harm() {
    let kiritimati = calendar("Pacific/Kiritimati");
    for instant in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
        kiritimati.timestamp(instant);
    }
    let last = at("9999-12-31T23:59:59.999Z");
    assert_eq!(kiritimati.month_of(last), None);
    let december = calendar("America/Vancouver").month_of(last);
    assert_eq!(december, Some("9999-12".parse().expect("a month")));
}

#[test]
fn an_hour_repeated_over_midnight_belongs_to_the_new_day() {
    // In St. John's the clocks went from 00:01 on 1 November 2009 back to 23:01.
    let calendar = calendar("America/St_Johns");
    for (instant, month) in [
        ("2009-11-01T02:29:59.999Z", "2009-10"),
        ("2009-11-01T02:30:00Z", "2009-11"),
        ("2009-11-01T03:00:00Z", "2009-11"),
        ("2009-11-01T03:30:00Z", "2009-11"),
    ] {
        let found = calendar.month_of(at(instant)).expect("a month");
        assert_eq!(found.to_string(), month, "{instant}");
        assert!(calendar.month(found).contains(at(instant)), "{instant}");
    }
}

#[test]
fn the_same_time_yesterday_is_elapsed_time() {
    let berlin = calendar("Europe/Berlin");
    // 10:00 on the long day is 11 hours after its midnight.
    let yesterday = berlin.same_time_days_ago(1, at("2026-10-25T10:00:00+01:00"));
    assert_eq!(yesterday.to, at("2026-10-24T11:00:00+02:00"));
    // 24.5 hours into the long day, yesterday is over.
    let yesterday = berlin.same_time_days_ago(1, at("2026-10-25T23:30:00+01:00"));
    assert_eq!(yesterday.to, at("2026-10-25T00:00:00+02:00"));
}

#[test]
fn months_end_where_the_next_begins() {
    let new_york = calendar("America/New_York");
    let december = new_york.month("2026-12".parse().expect("a month"));
    assert_eq!(december.from, at("2026-12-01T00:00:00-05:00"));
    assert_eq!(december.to, at("2027-01-01T00:00:00-05:00"));
    assert_eq!(
        new_york.month_of(at("2027-01-01T04:59:59.999Z")),
        Some("2026-12".parse().expect("a month"))
    );
}

/// How long each of the day's hours is, in minutes.
fn minutes(zone: &str, day: &str) -> Vec<i64> {
    let noon = at(&format!("{day}T12:00:00Z"));
    let day = calendar(zone).days_ago(0, noon);
    let hours = day.hours();
    for pair in hours.windows(2) {
        assert_eq!(pair[0].to, pair[1].from, "{zone}");
    }
    assert_eq!(
        (hours[0].from, hours[hours.len() - 1].to),
        (day.from, day.to)
    );
    hours
        .iter()
        .map(|hour| (hour.to - hour.from).num_minutes())
        .collect()
}

#[test]
fn a_day_has_an_hour_for_each_that_elapses() {
    for (zone, day, hours, last) in [
        ("Europe/Berlin", "2026-03-29", 23, 60),
        ("Europe/Berlin", "2026-03-30", 24, 60),
        ("Europe/Berlin", "2026-10-25", 25, 60),
        // On Lord Howe Island the clocks change by half an hour.
        ("Australia/Lord_Howe", "2026-10-04", 24, 30),
        ("Australia/Lord_Howe", "2026-10-05", 24, 60),
        ("Australia/Lord_Howe", "2026-04-05", 25, 30),
    ] {
        let minutes = minutes(zone, day);
        let (end, whole) = minutes.split_last().expect("hours");
        assert_eq!((minutes.len(), *end), (hours, last), "{zone} {day}");
        assert!(whole.iter().all(|minutes| *minutes == 60), "{zone} {day}");
    }
}

#[test]
fn the_same_weekday_a_week_ago_may_be_longer_or_shorter() {
    let berlin = calendar("Europe/Berlin");
    // 10:00 a week after the long day is ten hours after its midnight: then it was nine o'clock.
    let then = berlin.same_time_days_ago(7, at("2026-11-01T10:00:00+01:00"));
    assert_eq!(then.to, at("2026-10-25T09:00:00+01:00"));
    // 23.5 hours into the day, the short day a week ago is over.
    let then = berlin.same_time_days_ago(7, at("2026-04-05T23:30:00+02:00"));
    assert_eq!(then.to, at("2026-03-30T00:00:00+02:00"));
}
