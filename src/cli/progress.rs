//! A line on stderr that shows how far a run is, while a person watches.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use agg::pipeline::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The progress bar; shows nothing where stderr is no terminal.
pub(super) struct Bar {
    bar: ProgressBar,
    asking: Mutex<BTreeSet<String>>,
}

impl Bar {
    pub(super) fn new(quiet: bool) -> Self {
        let target = if quiet {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        let style = ProgressStyle::with_template("{bar:24.green} {pos}/{len} {wide_msg:.dim}")
            .expect("the template is a constant");
        bar.set_style(style);
        Self {
            bar,
            asking: Mutex::default(),
        }
    }

    /// Shows what goes on.
    pub(super) fn show(&self, progress: Progress<'_>) {
        let mut asking = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        match progress {
            Progress::Sources(count) => {
                self.bar.set_length(count as u64);
                // not before: a bar of nothing is full
                self.bar.enable_steady_tick(Duration::from_millis(200));
            }
            Progress::Asking(source) => {
                asking.insert(source.to_string());
            }
            Progress::Articles(..) => {}
            Progress::Done(outcome) => {
                asking.remove(outcome.source.as_str());
                self.bar.inc(1);
            }
        }
        let names: Vec<&str> = asking.iter().map(String::as_str).collect();
        self.bar.set_message(names.join(" "));
    }

    /// Takes the line away.
    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
