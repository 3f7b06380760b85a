//! What each source posts, says and gets wrong: the same in every run.

use chrono::DateTime;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// What a source says of when it is to be asked, beside its posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Habit {
    Nothing,
    /// Minutes.
    Ttl(i64),
    /// Seconds.
    MaxAge(i64),
    /// So many times a day.
    Period(i64),
    /// Not from midnight to six, UTC.
    SkipsNight,
}

/// How an answer goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    Status(u16),
    /// 429 or 503, with a wish of so many seconds.
    Busy(u16, i64),
    Cut,
    Moved,
    Slow,
}

/// A source, told from its number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SourceScript {
    number: u64,
    pub(crate) habit: Habit,
    /// Seconds between two of its posts: from an hour to eleven days.
    gap: i64,
}

impl SourceScript {
    pub(crate) fn of(number: u64) -> Self {
        let habit = match number % 10 {
            0 => Habit::Ttl(if number.is_multiple_of(20) { 90 } else { 240 }),
            1 => Habit::MaxAge(if number.is_multiple_of(3) {
                600
            } else {
                2 * HOUR
            }),
            2 => Habit::Period(12),
            3 => Habit::SkipsNight,
            _ => Habit::Nothing,
        };
        Self {
            number,
            habit,
            gap: HOUR << (mixed(number, 0) % 9),
        }
    }

    /// What becomes of its answer to request number `asked`: one in five goes wrong.
    pub(crate) fn fault(self, asked: u64) -> Fault {
        let chance = mixed(self.number, asked);
        let wish = 10 * MINUTE * (1 + i64::try_from(chance / 1_000 % 12).unwrap());
        match chance % 1_000 {
            0..60 => Fault::Status(500),
            60..100 => Fault::Status(404),
            100..125 => Fault::Busy(429, wish),
            125..135 => Fault::Busy(503, wish),
            135..165 => Fault::Cut,
            165..185 => Fault::Moved,
            185..198 => Fault::Slow,
            198..200 => Fault::Status(410),
            _ => Fault::None,
        }
    }

    /// For how many seconds after a good answer it is not to be asked. Nobody may ask more often than every 15 minutes.
    pub(crate) fn wish(self) -> i64 {
        let said = match self.habit {
            Habit::Ttl(minutes) => minutes * MINUTE,
            Habit::MaxAge(seconds) => seconds,
            Habit::Period(times) => 24 * HOUR / times,
            Habit::Nothing | Habit::SkipsNight => 0,
        };
        said.max(15 * MINUTE)
    }

    pub(crate) fn etag(self, now: i64) -> String {
        format!("\"{}\"", now / self.gap)
    }

    /// The feed with its eight latest posts.
    pub(crate) fn feed(self, now: i64) -> String {
        let latest = now / self.gap;
        let number = self.number;
        let posts: Vec<String> = (latest - 7..=latest)
            .rev()
            .map(|n| {
                let at = DateTime::from_timestamp(n * self.gap, 0).unwrap().to_rfc2822();
                format!(
                    "<item><title>Post {n} of {number}</title><link>https://{number}.example/{n}</link><guid>{number}-{n}</guid>\
                     <pubDate>{at}</pubDate><description>What was seen from light {number} on its watch {n}.</description></item>"
                )
            })
            .collect();
        let says = match self.habit {
            Habit::Ttl(minutes) => format!("<ttl>{minutes}</ttl>"),
            Habit::Period(times) => format!(
                "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>{times}</sy:updateFrequency>"
            ),
            Habit::SkipsNight => {
                let hours: Vec<String> = (0..6).map(|h| format!("<hour>{h}</hour>")).collect();
                format!("<skipHours>{}</skipHours>", hours.concat())
            }
            Habit::Nothing | Habit::MaxAge(_) => String::new(),
        };
        format!(
            "<rss version=\"2.0\"><channel><title>Light {number}</title><link>https://{number}.example/</link>{says}{}</channel></rss>",
            posts.concat()
        )
    }
}

/// A number that looks random, and is the same for the same `a` and `b`.
fn mixed(a: u64, b: u64) -> u64 {
    let mut x = a.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ b.wrapping_mul(0xD1B5_4A32_D192_ED03);
    for _ in 0..2 {
        x = (x ^ (x >> 31)).wrapping_mul(0x94D0_49BB_1331_11EB);
    }
    x ^ (x >> 29)
}
