//! Changes of several sources in one transaction: each whole or not at all, and none told as kept before all are.

use super::{Error, Store, Write};

/// A change that may share its transaction with others.
pub struct Queued(Box<dyn Pending>);

impl std::fmt::Debug for Queued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Queued")
    }
}

impl Queued {
    /// Will run `change` as [`Store::write`] does, and `tell` what it came to once that is on record. It is run anew where a
    /// transaction that it shared was taken back.
    pub fn new<T: Send + 'static>(
        change: impl Fn(&mut Write<'_>) -> Result<T, Error> + Send + 'static,
        tell: impl FnOnce(Result<T, Error>) + Send + 'static,
    ) -> Self {
        Self(Box::new(Waiting {
            change,
            tell,
            made: None,
        }))
    }
}

/// A change, whatever it gives.
trait Pending: Send {
    /// Runs it; what it gives is held back.
    fn run(&mut self, write: &mut Write<'_>) -> Result<(), Error>;

    /// Tells what it came to.
    fn end(self: Box<Self>, ended: Result<(), Error>);
}

struct Waiting<C, T, W> {
    change: C,
    tell: W,
    /// What its last run gave.
    made: Option<T>,
}

impl<C, T, W> Pending for Waiting<C, T, W>
where
    C: Fn(&mut Write<'_>) -> Result<T, Error> + Send,
    T: Send,
    W: FnOnce(Result<T, Error>) + Send,
{
    fn run(&mut self, write: &mut Write<'_>) -> Result<(), Error> {
        self.made = Some((self.change)(write)?);
        Ok(())
    }

    fn end(self: Box<Self>, ended: Result<(), Error>) {
        let Self { tell, made, .. } = *self;
        let made = || made.expect("what is kept was run");
        tell(ended.map(|()| made()));
    }
}

impl Store {
    /// Runs `changes`, in their order, in one transaction. Where one fails, or the transaction does, all of it is taken back,
    /// and each change runs in a transaction of its own: that is rare, and a savepoint for each would copy every page it
    /// changes.
    pub fn write_each(&mut self, mut changes: Vec<Queued>) {
        if changes.len() > 1 {
            let together = self.write(|write| {
                let mut changes = changes.iter_mut();
                changes.try_for_each(|change| change.0.run(write))
            });
            match together {
                Ok(()) => return changes.into_iter().for_each(|change| change.0.end(Ok(()))),
                // others would wait as long again, one after the other
                Err(Error::Locked { path }) => {
                    let locked = || Error::Locked { path: path.clone() };
                    return changes
                        .into_iter()
                        .for_each(|change| change.0.end(Err(locked())));
                }
                Err(_) => {}
            }
        }
        for mut change in changes {
            let ended = self.write(|write| change.0.run(write));
            change.0.end(ended);
        }
    }
}
