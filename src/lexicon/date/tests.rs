use chrono::{DateTime, Utc};

use super::*;
use crate::model::Precision;

fn now() -> DateTime<Utc> {
    "2026-03-10T12:00:00Z".parse().unwrap()
}

/// What `text` says, read at [`now`]: an instant in full, a day or a month as such.
fn said_as(text: &str, order: Order) -> String {
    read(text, order).map_or_else(|| "nothing".to_owned(), shown)
}

fn said(text: &str) -> String {
    said_as(text, Order::MonthFirst)
}

fn shown(when: When) -> String {
    let date = when.resolve(now());
    let pattern = match date.precision {
        Precision::Instant => "%Y-%m-%dT%H:%M:%SZ",
        Precision::Day => "%Y-%m-%d",
        Precision::Month => "%Y-%m",
    };
    date.at.format(pattern).to_string()
}

#[test]
fn machine_spellings_are_read() {
    for (text, means) in [
        ("2026-03-05T10:20:30Z", "2026-03-05T10:20:30Z"),
        ("2026-03-05T10:20:30.123456+02:00", "2026-03-05T08:20:30Z"),
        ("2026-03-05 10:20:30 -0800", "2026-03-05T18:20:30Z"),
        ("2026-03-05T10:20", "2026-03-05T10:20:00Z"),
        ("20260305T102030Z", "2026-03-05T10:20:30Z"),
        ("2026-03-05", "2026-03-05"),
        ("2026-03", "2026-03"),
        ("2026-W10-4", "2026-03-05"),
        ("1772705230", "2026-03-05T10:07:10Z"),
    ] {
        assert_eq!(said(text), means, "{text}");
    }
}

#[test]
fn mail_dates_are_read_with_all_their_wounds() {
    for (text, means) in [
        ("Thu, 05 Mar 2026 10:20:30 +0100", "2026-03-05T09:20:30Z"),
        ("Mon, 05 Mar 2026 10:20:30 GMT", "2026-03-05T10:20:30Z"),
        ("thu 5 mar 2026 9:05 gmt", "2026-03-05T09:05:00Z"),
        ("Thursday, 05-Mar-26 10:20:30 EST", "2026-03-05T15:20:30Z"),
        ("Thu Mar  5 10:20:30 2026", "2026-03-05T10:20:30Z"),
        ("05 Mar 2026 10:20:60 UT", "2026-03-05T10:21:00Z"),
        ("Thu, 05 Mar 2026 10:20:30 PM GMT", "2026-03-05T22:20:30Z"),
    ] {
        assert_eq!(said(text), means, "{text}");
    }
}

#[test]
fn long_dates_are_read_in_many_languages() {
    for text in [
        "March 5, 2026",
        "Mar 5th, 2026",
        "5 March 2026",
        "5. März 2026",
        "5 mars 2026",
        "5 de marzo de 2026",
        "5 de março de 2026",
        "5 marzo 2026",
        "5 maart 2026",
        "5 marca 2026",
        "5 марта 2026",
        "5 березня 2026",
        "2026年3月5日",
        "2026년 3월 5일",
        "5 Mart 2026",
        "05.03.2026",
        "2026/3/5",
        "Thursday, March 5, 2026",
    ] {
        assert_eq!(said(text), "2026-03-05", "{text}");
    }
    for text in ["5 मार्च 2026", "5 มีนาคม 2569", "5 มี.ค. 2569", "5 آذار 2026"]
    {
        assert_eq!(said(text), "2026-03-05", "{text}");
    }
    assert_eq!(said("1er mars 2026"), "2026-03-01");
    assert_eq!(said("March 2026"), "2026-03");
}

#[test]
fn numeric_dates_follow_the_order_of_their_source() {
    assert_eq!(said_as("03/04/2026", Order::MonthFirst), "2026-03-04");
    assert_eq!(said_as("03/04/2026", Order::DayFirst), "2026-04-03");
    assert_eq!(said_as("25/12/2025", Order::MonthFirst), "2025-12-25");
    assert_eq!(order(["03/04/2026", "25/12/2025"]), Some(Order::DayFirst));
    assert_eq!(order(["03/04/2026", "12/25/2025"]), Some(Order::MonthFirst));
    assert_eq!(order(["03/04/2026", "2 May 2026"]), None);
}

#[test]
fn relative_dates_are_spans_before_now() {
    for (text, means) in [
        ("3 days ago", "2026-03-07"),
        ("yesterday", "2026-03-09"),
        ("vor 3 Tagen", "2026-03-07"),
        ("il y a 3 jours", "2026-03-07"),
        ("hace 3 días", "2026-03-07"),
        ("3日前", "2026-03-07"),
    ] {
        assert_eq!(said(text), means, "{text}");
    }
}

#[test]
fn what_is_no_date_is_not_made_one() {
    for text in [
        "",
        "2026",
        "5",
        "10:20",
        "May",
        "v1.2.3",
        "1.2.2026.4",
        "0001-01-01T00:00:00Z",
        "2026-13-05",
        "30 February 2026",
        "March 32, 2026",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "in May we met",
        "call 030 123456",
    ] {
        assert_eq!(said(text), "nothing", "{text}");
    }
}

#[test]
fn where_only_a_date_can_stand_a_year_alone_and_years_outside_ours_count() {
    let stated = |text| stated(text, Order::MonthFirst).map_or("nothing".to_owned(), shown);
    for (text, means) in [
        ("2026", "2026-01"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T00:00:00Z"),
        ("Fri, 31 Dec 9999 23:59:59 GMT", "9999-12-31T23:59:59Z"),
        ("Thu, 05 Mar 2026 10:20:30 +0100", "2026-03-05T09:20:30Z"),
        ("3 days ago", "2026-03-07"),
        ("yesterday", "nothing"),
        ("0001-01-01T00:00:00Z", "nothing"),
        ("Fri, 31 Dec 9999 23:59:59 -0500", "nothing"),
        ("Thu, 05 Mar 2026 25:00:00 GMT", "nothing"),
        ("Thu, 05 Mar 2026 10:20:30 +3000", "nothing"),
        ("0000", "nothing"),
        ("1234", "nothing"),
    ] {
        assert_eq!(stated(text), means, "{text}");
    }
}

#[test]
fn a_time_in_korean_is_the_time_of_korea() {
    assert_eq!(said("2026년 3월 5일 10:00:00"), "2026-03-05T01:00:00Z");
    assert_eq!(
        said("2026년 3월 5일 10:00:00 +0000"),
        "2026-03-05T10:00:00Z"
    );
    assert_eq!(said("2026年3月5日 10:00:00"), "2026-03-05T10:00:00Z");
}

#[test]
fn the_first_date_is_found_inside_a_text_even_glued_to_it() {
    for (text, words, means) in [
        (
            "April 18, 2026Building a serving system",
            "April 18, 2026",
            "2026-04-18",
        ),
        ("A title2026-03-05", "2026-03-05", "2026-03-05"),
        (
            "Posted on 5 March 2026 by Ann",
            "5 March 2026",
            "2026-03-05",
        ),
        ("Notes (Mar 5, 2026)", "Mar 5, 2026", "2026-03-05"),
        (
            "HelloMarch 5, 2026●2 min read",
            "March 5, 2026",
            "2026-03-05",
        ),
        ("2026年3月5日 日記", "2026年3月5日", "2026-03-05"),
        ("2026年3月5日5分钟", "2026年3月5日", "2026-03-05"),
    ] {
        let found = find(text, Order::MonthFirst).unwrap_or_else(|| panic!("nothing in {text}"));
        assert_eq!(&text[found.range], words, "{text}");
        assert_eq!(shown(found.when), means, "{text}");
    }
}

#[test]
fn versions_prices_ranges_and_years_in_prose_are_no_dates() {
    for text in [
        "Rust 1.95.0 released",
        "Only 9-27% of it",
        "FSDP vs DeepSpeed, 2026 edition",
        "The LLM Year in Review: What Actually Mattered in 2025",
        "$0.30/M tokens, 9 gold medals",
        "2-3x faster",
        "10/10 would read again",
        "at 10:30 sharp",
        "call +49 30 1234 5678",
        "24/7 support",
        "Now",
        "Hier",
        "Today",
    ] {
        assert_eq!(find(text, Order::MonthFirst), None, "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_panics_and_what_is_found_lies_within(text in "\\PC{0,60}|[0-9 ,.:/年月日MarchT+-]{0,40}") {
        for order in [Order::DayFirst, Order::MonthFirst] {
            let _ = read(&text, order);
            if let Some(found) = find(&text, order) {
                proptest::prop_assert!(text.get(found.range).is_some());
            }
        }
    }
}

#[test]
fn other_calendars_and_figures_are_read_in_our_count() {
    for text in [
        "۱۴ اسفند ۱۴۰۴",
        "پنجشنبه ۱۴ اسفند ۱۴۰۴",
        "1404/12/14",
        "۱۴۰۴/۱۲/۱۴",
        "令和8年3月5日",
        "令和８年３月５日",
        "民國115年3月5日",
        "115-03-05",
        "115/03/05",
        "٥ مارس ٢٠٢٦",
        "५ मार्च २०२६",
    ] {
        assert_eq!(said(text), "2026-03-05", "{text}");
    }
    assert_eq!(said("令和元年5月1日"), "2019-05-01");
    for text in ["5 March 1403", "令和", "版本 1403/12/14/5", "1446/05/16"] {
        assert_eq!(said(text), "nothing", "{text}");
    }
}

#[test]
fn a_date_of_another_calendar_is_found_in_a_line() {
    for (text, spelled, means) in [
        (
            "نوشته شده در ۱۴ اسفند ۱۴۰۴ · سارا",
            "۱۴ اسفند ۱۴۰۴",
            "2026-03-05",
        ),
        ("令和8年3月5日 くらし", "令和8年3月5日", "2026-03-05"),
        ("更新 令和元年5月1日", "令和元年5月1日", "2019-05-01"),
        ("١٨ نوفمبر ٢٠٢٤ ٦ دقائق", "١٨ نوفمبر ٢٠٢٤", "2024-11-18"),
    ] {
        let found = find(text, Order::MonthFirst).expect(text);
        assert_eq!(&text[found.range.clone()], spelled);
        assert_eq!(shown(found.when), means);
    }
}

#[test]
fn months_of_smaller_languages_are_read() {
    for (text, means) in [
        ("৫ জানুয়ারি ২০২৫", "2025-01-05"),
        ("12 ஜூன் 2025", "2025-06-12"),
        ("27 மார்ச் 2025", "2025-03-27"),
        ("3 సెప్టెంబర్ 2025", "2025-09-03"),
        ("9 ડિસેમ્બર 2025", "2025-12-09"),
        ("7 ಅಕ್ಟೋಬರ್ 2025", "2025-10-07"),
        ("1 ഓഗസ്റ്റ് 2025", "2025-08-01"),
        ("21 ივნისი 2025", "2025-06-21"),
        ("4 de xuño de 2025", "2025-06-04"),
        ("17. februára 2025", "2025-02-17"),
        ("3. avgust 2025", "2025-08-03"),
        ("Hunyo 12, 2025", "2025-06-12"),
        ("12 Oktoba 2025", "2025-10-12"),
        ("12 Gorffennaf 2025", "2025-07-12"),
        ("8 tetor 2025", "2025-10-08"),
        ("Neljapäev, 5. juuni 2025", "2025-06-05"),
        ("3 päeva tagasi", "2026-03-07"),
        ("prije 3 dana", "2026-03-07"),
    ] {
        assert_eq!(said(text), means, "{text}");
    }
}

#[test]
fn a_place_that_is_named_for_its_zone_gives_the_hour_of_its_clock() {
    for (text, means) in [
        (
            "Wed, 08 Jan 2025 10:00:00 Europe/Berlin",
            "2025-01-08T09:00:00Z",
        ),
        ("2025-07-08T10:00:00[Europe/Paris]", "2025-07-08T08:00:00Z"),
        (
            "2025-01-08T10:00:00+01:00[Europe/Paris]",
            "2025-01-08T09:00:00Z",
        ),
        ("2025-01-08T10:00:00Z[!Etc/UTC]", "2025-01-08T10:00:00Z"),
        (
            "2025-01-08 10:00 America/Argentina/Buenos_Aires",
            "2025-01-08T13:00:00Z",
        ),
        // an hour that no clock there shows, and one that it shows twice
        ("2025-03-30 02:30 Europe/Berlin", "2025-03-30T00:30:00Z"),
        ("2025-10-26 02:30 Europe/Berlin", "2025-10-26T00:30:00Z"),
        ("2025-01-08 10:00 Mars/Olympus", "2025-01-08T10:00:00Z"),
    ] {
        assert_eq!(said(text), means, "{text}");
        assert_eq!(
            stated(text, Order::MonthFirst).map(shown).as_deref(),
            Some(means)
        );
    }
}

#[test]
fn words_between_the_parts_of_a_date_say_nothing() {
    for text in [
        "2025 m. birželio 12 d.",
        "2025 m. birželio 12 d., ketvirtadienis",
        "2025. gada 12. jūnijs",
        "2025. gada 12. jūnijā",
        "2025(e)ko ekainaren 12a",
        "2025eko ekainaren 12an",
        "2025 оны 6-р сарын 12",
        "2025-yil 12-iyun",
        "12-iyun, 2025",
        "12 iyun 2025-ci il",
        "12 маусым 2025 ж.",
        "12 июня 2025 года",
        "12.06.2025 г.",
        "12. lipnja 2025. godine",
        "12. juni 2025. god.",
        "12. јун 2025. године",
        "12. junija leta 2025",
        "12 ta' Ġunju 2025",
        "12 de juny del 2025",
        "12 de junio del año 2025",
        "12 ng Hunyo 2025",
        "12 มิถุนายน พ.ศ. 2568",
        "12 เดือนมิถุนายน พ.ศ. 2568",
        "12 thg 6, 2025",
        "Tháng Sáu 12, 2025",
        "12 Tháng Sáu, 2025",
        "6月 12, 2025",
        "6 月 12, 2025",
        "六月 12, 2025",
        "12 六月 2025",
        "6월 12, 2025",
        "12 جون، 2025",
        "12 حزيران 2025",
        "12 հունիսի, 2025",
        "12 czerwca 2025 r.",
        "2025. június 12., csütörtök",
        "12 qershor 2025",
        "12 Hun 2025",
    ] {
        assert_eq!(said(text), "2025-06-12", "{text}");
    }
    for (text, means) in [
        ("2025 m. gegužė", "2025-05"),
        ("12 كانون الأول 2025", "2025-12-12"),
        ("12 تشرين الثاني 2025", "2025-11-12"),
        ("Tháng Mười Hai 5, 2025", "2025-12-05"),
        ("3 Mac 2025", "2025-03-03"),
        ("11. tra 2025", "2025-04-11"),
        ("2025 m. gegužė-21", "2025-05-21"),
    ] {
        assert_eq!(said(text), means, "{text}");
    }
    for text in [
        "5 a 2025",
        "12 a day in June 2025",
        "2025 m",
        "2025 g 12",
        "12 kg 2025",
        "2025 ko 6",
    ] {
        assert_eq!(said(text), "nothing", "{text}");
    }
}

#[test]
fn a_date_with_words_between_its_parts_is_found_in_a_line() {
    for (text, spelled) in [
        (
            "Paskelbta 2025 m. birželio 12 d. · Ona",
            "2025 m. birželio 12 d.",
        ),
        (
            "Ievietots 2025. gada 12. jūnijā, Rīga",
            "2025. gada 12. jūnijā",
        ),
        ("Публикация: 12.06.2025 г. / Новини", "12.06.2025 г."),
        ("12 June 2025 a day in June", "12 June 2025"),
    ] {
        let found = find(text, Order::DayFirst).expect(text);
        assert_eq!(&text[found.range.clone()], spelled, "{text}");
        assert_eq!(shown(found.when), "2025-06-12", "{text}");
    }
}

#[test]
fn a_month_that_two_languages_name_alike_is_the_one_of_the_language_stated_or_told() {
    let read_in = |text, language, others: &[&str]| {
        let habits = Habits {
            order: Order::DayFirst,
            tongue: tongue(language, others.iter().copied()),
            ..Habits::default()
        };
        read(text, habits).map_or("nothing".to_owned(), shown)
    };
    for (text, language, others, means) in [
        ("7 lip 2025", None, &[][..], "2025-07-07"),
        ("7 lip 2025", Some("pl-PL"), &[], "2025-07-07"),
        ("7 lip 2025", Some("hr"), &[], "2025-06-07"),
        ("7 lip 2025", Some("hr_HR"), &[], "2025-06-07"),
        ("7 lip 2025", Some("en"), &["29 svi 2025"], "2025-06-07"),
        ("7 srp 2025", Some("cs"), &["2 lis 2024"], "2025-08-07"),
        ("7 srp 2025", Some("bs"), &[], "2025-07-07"),
        ("7. listopada 2025.", Some("hr"), &[], "2025-10-07"),
        ("7 listopada 2025", Some("pl"), &[], "2025-11-07"),
        ("7 svi 2025", Some("hr"), &[], "2025-05-07"),
    ] {
        assert_eq!(
            read_in(text, language, others),
            means,
            "{text} {language:?}"
        );
    }
}

#[test]
fn the_language_tells_which_number_is_the_day_where_the_numbers_do_not() {
    for language in ["vi", "es-MX", "fr", "en-GB", "en_AU", "pt-BR", "zh-Hant-HK"] {
        assert_eq!(order_of(language), Some(Order::DayFirst), "{language}");
    }
    for language in ["en", "en-US", "es-US", "fil", "", "x", "und", "english"] {
        assert_eq!(order_of(language), None, "{language}");
    }
}
