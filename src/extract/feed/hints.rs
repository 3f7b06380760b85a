//! What a feed says of when to ask for it: `ttl`, `skipHours`, `skipDays` (RSS 0.91 to 2.0) and the syndication module of
//! RSS 1.0. What is none of what they allow says nothing.

use super::date;
use super::names::Field;
use crate::lexicon::date::{Order, When};
use crate::model::UpdateHints;

const MINUTE: u32 = 60;
const HOUR: u32 = 60 * MINUTE;
const DAY: u32 = 24 * HOUR;
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// What was said so far; of an element that comes twice, the first counts.
#[derive(Debug, Default)]
pub(super) struct Said {
    hints: UpdateHints,
    /// The length of a period, in seconds.
    period: Option<u32>,
    /// How often a period it is written anew.
    frequency: Option<u32>,
}

impl Said {
    /// Takes the text of an element.
    pub(super) fn take(&mut self, field: Field, text: &str) {
        let text = text.trim();
        let number = || text.parse::<u32>().ok();
        match field {
            Field::Ttl => self.hints.ttl_minutes = self.hints.ttl_minutes.or_else(number),
            Field::SkipHour => {
                // RSS 0.91 counts from 1 to 24, later ones from 0 to 23
                let hour = number().filter(|hour| *hour <= 24).map(|hour| hour % 24);
                let hour = hour.and_then(|hour| u8::try_from(hour).ok());
                self.hints.skip_hours.extend(hour);
            }
            Field::SkipDay => {
                let name: String = text.to_lowercase().chars().take(3).collect();
                let day = (0_u8..).zip(DAYS).find(|(_, day)| *day == name);
                self.hints.skip_days.extend(day.map(|(day, _)| day));
            }
            Field::UpdatePeriod => self.period = self.period.or_else(|| period(text)),
            Field::UpdateFrequency => self.frequency = self.frequency.or_else(number),
            Field::UpdateBase if self.hints.period_base.is_none() => {
                if let Some(When::At(date)) = date::read(text, Order::default()) {
                    self.hints.period_base = Some(date.at);
                }
            }
            _ => {}
        }
    }

    /// All of it together. A frequency alone is one a day, as the module has it.
    pub(super) fn hints(mut self) -> UpdateHints {
        let frequency = self.frequency.filter(|times| *times > 0);
        let period = self.period.or(frequency.map(|_| DAY));
        self.hints.period_seconds = period.map(|seconds| seconds / frequency.unwrap_or(1));
        if self.hints.period_seconds.is_none() {
            self.hints.period_base = None;
        }
        self.hints
    }
}

fn period(word: &str) -> Option<u32> {
    match word.to_ascii_lowercase().as_str() {
        "hourly" => Some(HOUR),
        "daily" => Some(DAY),
        "weekly" => Some(7 * DAY),
        "monthly" => Some(30 * DAY),
        "yearly" => Some(365 * DAY),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::feed::read_xml;

    /// What a channel with these elements says.
    fn said(elements: &str) -> UpdateHints {
        let text = format!(
            "<rss version=\"2.0\" xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\"><channel>\
             <title>Harbour log</title>{elements}<item><title>Tides</title><link>https://harbour.example/t</link>\
             <ttl>7</ttl></item></channel></rss>"
        );
        let url = "https://harbour.example/feed".parse().unwrap();
        read_xml(&text, 0, &url, None).unwrap().meta.hints
    }

    #[test]
    fn a_feed_that_says_nothing_has_no_hints() {
        assert!(said("").is_empty(), "the ttl of an item is none");
        let odd = "<ttl>often</ttl><skipHours><hour>25</hour><hour>-1</hour></skipHours><skipDays><day>Funday</day></skipDays>\
                   <sy:updatePeriod>sometimes</sy:updatePeriod><sy:updateBase>2000-01-01</sy:updateBase>";
        assert!(said(odd).is_empty());
    }

    #[test]
    fn ttl_hours_and_days_are_read() {
        let hints = said(
            "<ttl> 90 </ttl><ttl>1</ttl><skipHours><hour>0</hour><hour>24</hour><hour>23</hour></skipHours>\
             <skipDays><day>Saturday</day><day>sunday</day></skipDays>",
        );
        assert_eq!(hints.ttl_minutes, Some(90));
        assert_eq!(hints.skip_hours, [0, 23].into());
        assert_eq!(hints.skip_days, [5, 6].into());
    }

    #[test]
    fn periods_are_parted_by_their_frequency() {
        let period = |elements| said(elements).period_seconds;
        let hourly = "<sy:updatePeriod>\n\thourly\t</sy:updatePeriod><sy:updateFrequency>\n\t1\t</sy:updateFrequency>";
        assert_eq!(period(hourly), Some(HOUR));
        let twice =
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>";
        assert_eq!(period(twice), Some(12 * HOUR));
        assert_eq!(
            period("<sy:updateFrequency>4</sy:updateFrequency>"),
            Some(6 * HOUR)
        );
        let never =
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>";
        assert_eq!(period(never), Some(DAY));
        let hints = said(
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateBase>2000-01-01T06:00+00:00</sy:updateBase>",
        );
        assert_eq!(hints.period_base, "2000-01-01T06:00:00Z".parse().ok());
    }
}
