//! Is a cycle due? The scheduler may fire more often than that (`every 45 minutes`), twice, or late. Pure.

use chrono::{DateTime, Utc};

use crate::schedule::Schedule;

/// The schedule, and the instant that comes next in it.
#[derive(Debug)]
pub(super) struct Timetable {
    schedule: Schedule,
    next: Option<DateTime<Utc>>,
}

impl Timetable {
    /// A timetable that begins after `now`.
    pub(super) fn new(schedule: Schedule, now: DateTime<Utc>) -> Self {
        let next = schedule.next(now);
        Self { schedule, next }
    }

    /// When the next cycle is due; `None`: never.
    pub(super) fn next(&self) -> Option<DateTime<Utc>> {
        self.next
    }

    /// True if the clock was set back since the last look, so that what is awaited is not what comes next. The scheduler
    /// goes by what it expected and has to be told; from then on the next instant by this clock is awaited.
    pub(super) fn was_set_back(&mut self, now: DateTime<Utc>) -> bool {
        let next = self.schedule.next(now);
        let is_set_back = next < self.next;
        if is_set_back {
            self.next = next;
        }
        is_set_back
    }

    /// True if the instant has come, once; then the next one is awaited. A clock that was set back is believed.
    pub(super) fn is_due(&mut self, now: DateTime<Utc>) -> bool {
        let due = self.next.is_some_and(|next| next <= now);
        self.next = self.schedule.next(now);
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> DateTime<Utc> {
        format!("2026-03-01T{time}Z").parse().unwrap()
    }

    /// Which of these firings begin a cycle.
    fn due(schedule: &str, start: &str, firings: &[&'static str]) -> Vec<&'static str> {
        let schedule = Schedule::parse(schedule).unwrap();
        let mut timetable = Timetable::new(schedule, at(start));
        firings
            .iter()
            .copied()
            .filter(|time| timetable.is_due(at(time)))
            .collect()
    }

    #[test]
    fn of_the_firings_in_between_only_those_that_are_due_count() {
        let firings = ["00:15:00.4", "00:30:00.4", "00:45:00.4", "01:00:00.4"];
        assert_eq!(
            due("every 45 minutes", "00:00:10", &firings),
            ["00:45:00.4"]
        );
    }

    #[test]
    fn a_late_firing_counts_and_a_second_one_does_not() {
        let firings = ["01:10:00", "01:10:00.5", "01:30:00"];
        assert_eq!(
            due("every 45 minutes", "00:00:10", &firings),
            ["01:10:00", "01:30:00"]
        );
        assert_eq!(
            due("*/30 * * * *", "12:00:00.4", &["12:00:00.9", "12:30:00.1"]),
            ["12:30:00.1"]
        );
    }

    #[test]
    fn a_clock_set_back_is_noticed_once_and_what_comes_next_by_it_is_due() {
        let schedule = Schedule::parse("every 1 minute").unwrap();
        let mut timetable = Timetable::new(schedule, at("08:56:10"));
        assert!(!timetable.was_set_back(at("08:56:40")));
        assert!(
            !timetable.was_set_back(at("08:58:00")),
            "late is not set back"
        );
        assert!(timetable.was_set_back(at("06:56:40")));
        assert!(!timetable.was_set_back(at("06:56:50")));
        assert_eq!(timetable.next(), Some(at("06:57:00")));
        assert!(timetable.is_due(at("06:57:00.4")));
    }

    #[test]
    fn a_clock_set_back_stops_nothing() {
        let firings = ["09:00:00.4", "08:00:00.4", "08:30:00.4"];
        assert_eq!(
            due("every 30 minutes", "11:50:00", &firings),
            ["08:30:00.4"]
        );
    }
}
