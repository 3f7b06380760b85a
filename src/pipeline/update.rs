//! sources → store → files: what `agg fetch` and the service run.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::ending::{Failure, Visit};
use super::error::Error;
use super::join::mark_old;
use super::line::Pipeline;
use super::report::{Asking, Progress, Report, Watch};
use crate::fetch::Line;
use crate::model::{Outcome, Source, SourceState};
use crate::schedule::{self, Blame};

/// Those who wait for one host, or for the hosts of a group.
#[derive(Default)]
struct Waiting {
    /// Each with its place in the configuration.
    sources: VecDeque<(usize, Source, SourceState)>,
    /// How many are asked at once.
    at_once: usize,
}

/// The failures of a run of which nobody knows yet whose they are.
#[derive(Default)]
struct Doubts {
    /// True as soon as any host was reached: our own network is well.
    reached: bool,
    /// Those that reached no host.
    failures: Vec<(Outcome, Failure)>,
}

impl Doubts {
    /// Takes the failure of a visit, and gives what is certain now: what to record, of which source.
    fn take(&mut self, visit: &mut Visit) -> Vec<(Outcome, SourceState)> {
        let attempt = visit.attempt.as_ref();
        self.reached |= attempt.is_some_and(|attempt| attempt.reached);
        let failure = visit.failure.take();
        let failure = failure.map(|failure| (visit.outcome.clone(), failure));
        // what was not sent has nothing to do with the network
        let certain = if attempt.is_none() {
            failure.into_iter().collect()
        } else {
            self.failures.extend(failure);
            if self.reached {
                std::mem::take(&mut self.failures)
            } else {
                Vec::new()
            }
        };
        let charged = certain.into_iter();
        charged.map(|(outcome, it)| (outcome, it.charged)).collect()
    }
}

/// The first who waits.
fn next(
    line: &Mutex<VecDeque<(usize, Source, SourceState)>>,
) -> Option<(usize, Source, SourceState)> {
    line.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .pop_front()
}

impl Pipeline {
    /// Asks the `wanted` sources, whether they are due or not, or, if none is named, all that are due; stores what is new, and
    /// publishes. Recordings are always asked.
    ///
    /// # Errors
    /// [`Error::NoSuchSource`], or [`Error::Store`] if the run could not even begin; what stops it later is in the report.
    pub async fn update(
        &self,
        wanted: &[String],
        asking: Asking,
        watch: Watch<'_>,
    ) -> Result<Report, Error> {
        let (now, begun) = (self.now(), Instant::now());
        // who names sources, or keeps what they answer, does not want to hear that they are not due
        let by_hand = !wanted.is_empty() || asking.accept || self.fetcher.is_recording();
        let asking = Asking {
            force: asking.force || by_hand,
            ..asking
        };
        let chosen = self.choose(wanted)?;
        self.register().await?;
        while self.with_store(|store| Ok(store.write(mark_old)?)).await? {}
        let mut states = self.with_store(|store| Ok(store.states()?)).await?;
        watch(Progress::Sources(chosen.len()));

        // One line of visits a host, or a group of hosts: its sources are asked one after the other, the lines side by side.
        let mut lines: BTreeMap<String, Waiting> = BTreeMap::new();
        for (rank, source) in chosen {
            let state = states.remove(&source.id).unwrap_or_default();
            let line = self.line(&source);
            let waiting = lines.entry(line.name).or_default();
            waiting.at_once = line.concurrency;
            waiting.sources.push_back((rank, source, state));
        }
        // A host that has enough before the end of its line is not to have enough of the same sources each time: those go
        // first that were not asked for longest and, of those asked in one run, those that got nothing.
        let mut lines: Vec<Waiting> = lines.into_values().collect();
        for line in &mut lines {
            let sources = line.sources.make_contiguous();
            sources.sort_by_key(|(_, _, state)| (state.last_asked, state.last_good));
        }
        // who has the longest way to go begins
        lines.sort_by_key(|line| Reverse(line.sources.len() / line.at_once.max(1)));
        let visits: Mutex<BTreeMap<usize, Visit>> = Mutex::default();
        let doubts: Mutex<Doubts> = Mutex::default();
        let places = lines.into_iter().flat_map(|line| {
            let places = line.at_once.clamp(1, line.sources.len().max(1));
            let line = Arc::new(Mutex::new(line.sources));
            std::iter::repeat_n(line, places)
        });
        let mut lines: FuturesUnordered<_> = places
            .map(|line| async {
                let line = line;
                while let Some((rank, source, state)) = next(&line) {
                    watch(Progress::Asking(&source.id));
                    // apart, so that the line of a host that waits is small
                    let visit = self.visit(&source, state, asking, now, begun, watch);
                    let mut visit = Box::pin(visit).await?;
                    watch(Progress::Done(&visit.outcome));
                    self.note(&mut visit, &doubts, now).await?;
                    visits
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .insert(rank, visit);
                }
                Ok::<(), Error>(())
            })
            .collect();
        let mut stopped = None;
        while let Some(line) = lines.next().await {
            if let Err(error) = line {
                stopped = Some(error);
                break;
            }
        }
        drop(lines);
        let visits = visits.into_inner().unwrap_or_else(PoisonError::into_inner);
        let doubts = doubts.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(self.finish(visits, doubts, stopped, now).await)
    }

    /// Records what is known of how a visit ended, at once: whoever ends us before all sources were asked does not make us
    /// forget it. Whose fault it is that no host was reached is known as soon as another one is.
    async fn note(
        &self,
        visit: &mut Visit,
        doubts: &Mutex<Doubts>,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let known = {
            let mut doubts = doubts.lock().unwrap_or_else(PoisonError::into_inner);
            doubts.take(visit)
        };
        let closed = self.closed([&*visit]);
        if known.is_empty() && closed.is_empty() {
            return Ok(());
        }
        self.write(move |write| {
            known
                .iter()
                .try_for_each(|(outcome, state)| write.record(outcome, state, now))?;
            closed
                .iter()
                .try_for_each(|(host, until)| write.leave_alone(host, *until))
        })
        .await
    }

    /// The configured hosts that are to be left alone after these visits, and until when.
    fn closed<'a>(
        &self,
        visits: impl IntoIterator<Item = &'a Visit>,
    ) -> BTreeMap<String, DateTime<Utc>> {
        let mut closed: BTreeMap<String, DateTime<Utc>> = BTreeMap::new();
        for (host, until) in visits.into_iter().flat_map(|visit| &visit.closed) {
            for host in self.fellows(host) {
                let latest = closed.entry(host).or_insert(*until);
                *latest = (*latest).max(*until);
            }
        }
        closed
    }

    /// The sources named, in the configuration's order, each with its place there.
    pub(super) fn choose(&self, wanted: &[String]) -> Result<Vec<(usize, Source)>, Error> {
        let sources = &self.config.sources;
        if let Some(wanted) = wanted
            .iter()
            .find(|name| sources.iter().all(|s| s.id.as_str() != *name))
        {
            let known = sources.iter().map(|source| source.id.to_string()).collect();
            return Err(Error::NoSuchSource {
                wanted: wanted.clone(),
                known,
            });
        }
        let named = |source: &Source| {
            wanted.is_empty() || wanted.iter().any(|name| name == source.id.as_str())
        };
        Ok(sources
            .iter()
            .cloned()
            .enumerate()
            .filter(|(_, source)| named(source))
            .collect())
    }

    /// The line in which a source waits for its turn.
    fn line(&self, source: &Source) -> Line {
        let host = source.url.host_str().unwrap_or_default();
        self.config.fetch.line(host)
    }

    /// The configured hosts for which a wish of `host` holds: itself, those of its group, or none.
    fn fellows(&self, host: &str) -> BTreeSet<String> {
        let line = self.config.fetch.line(host);
        if line.is_narrow {
            return BTreeSet::new();
        }
        if line.name == host {
            return BTreeSet::from([host.to_owned()]);
        }
        let sources = self.config.sources.iter();
        sources
            .filter(|source| self.line(source).name == line.name)
            .filter_map(|source| source.url.host_str().map(str::to_owned))
            // sources may be led to a host that is not configured
            .chain([host.to_owned()])
            .collect()
    }

    /// True if all sources are on one host.
    fn has_one_host(&self) -> bool {
        let mut hosts = self.config.sources.iter().map(|source| source.url.host());
        let first = hosts.next();
        hosts.all(|host| Some(host) == first)
    }

    /// Records the failures that are left, charging nobody if our own network is to blame for all of them, and publishes.
    async fn finish(
        &self,
        visits: BTreeMap<usize, Visit>,
        doubts: Doubts,
        stopped: Option<Error>,
        now: DateTime<Utc>,
    ) -> Report {
        let attempts = visits.values().filter_map(|visit| visit.attempt.as_ref());
        let blame = schedule::blame(attempts, self.has_one_host());
        let failures: Vec<(Outcome, SourceState)> = (doubts.failures.into_iter())
            .map(|(outcome, failure)| {
                let state = match blame {
                    Blame::Sources => failure.charged,
                    Blame::Network => failure.uncharged,
                    Blame::Doubtful => schedule::doubted(failure.charged, now),
                };
                (outcome, state)
            })
            .collect();
        // once more: a source that was asked after it was closed may have recorded what it knew before
        let closed = self.closed(visits.values());
        let mut report = Report {
            outcomes: visits.into_values().map(|visit| visit.outcome).collect(),
            network_down: blame == Blame::Network,
            publication: None,
            pruned: Vec::new(),
            stopped,
        };
        if report.stopped.is_none() {
            let recorded = self.with_store(move |store| {
                store.write(|write| {
                    failures
                        .iter()
                        .try_for_each(|(outcome, state)| write.record(outcome, state, now))?;
                    closed
                        .iter()
                        .try_for_each(|(host, until)| write.leave_alone(host, *until))
                })?;
                Ok(())
            });
            report.stopped = recorded.await.err();
        }
        if report.stopped.is_none() {
            match self.publish_at(now).await {
                Ok(publication) => report.publication = Some(publication),
                Err(error) => report.stopped = Some(error),
            }
        }
        // what subscribers are shown must be known before anything may go
        if report.stopped.is_none() {
            match self.prune_at(now).await {
                Ok(pruned) => report.pruned = pruned,
                Err(error) => report.stopped = Some(error),
            }
        }
        report
    }
}
