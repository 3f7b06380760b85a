//! Changes of several sources in one transaction: each whole or not at all, and none told as kept before all are.

use rusqlite::{Connection, ErrorCode, TransactionBehavior, ffi};

use super::{Error, Store, Write};

/// Takes the word of what became of a change.
type Tell = Box<dyn FnOnce(Result<(), Error>) + Send>;

/// Runs a change, or takes the word why it cannot be; says whether what it did is to be kept, and whom to tell.
type Run = Box<dyn FnOnce(Result<&mut Write<'_>, Error>) -> (bool, Tell) + Send>;

/// A change that may share its transaction with others.
pub struct Queued(Run);

impl std::fmt::Debug for Queued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Queued")
    }
}

impl Queued {
    /// Will run `change` as [`Store::write`] does, and `tell` what it came to once that is on record.
    pub fn new<T: Send + 'static>(
        change: impl FnOnce(&mut Write<'_>) -> Result<T, Error> + Send + 'static,
        tell: impl FnOnce(Result<T, Error>) + Send + 'static,
    ) -> Self {
        Self(Box::new(move |write| {
            let result = write.and_then(change);
            let is_kept = result.is_ok();
            let told: Tell = Box::new(move |ended| tell(ended.and(result)));
            (is_kept, told)
        }))
    }
}

impl Store {
    /// Runs `changes`, in their order, in one transaction. One that fails leaves nothing behind, and the others are kept. If
    /// the transaction itself fails, none is; each is told so.
    pub fn write_each(&mut self, changes: Vec<Queued>) {
        let mut told = Vec::with_capacity(changes.len());
        let ended = self.run_each(changes, &mut told);
        // the last first: where one has broken the transaction, that is the one that knows why
        for tell in told.into_iter().rev() {
            tell(match &ended {
                Ok(()) => Ok(()),
                Err(error) => Err(Error::of(&self.path, again(error))),
            });
        }
    }

    fn run_each(&mut self, changes: Vec<Queued>, told: &mut Vec<Tell>) -> rusqlite::Result<()> {
        let path = &self.path;
        let begun = self
            .conn
            .transaction_with_behavior(TransactionBehavior::Immediate);
        let mut transaction = match begun {
            Ok(transaction) => transaction,
            Err(error) => {
                for change in changes {
                    told.push((change.0)(Err(Error::of(path, again(&error)))).1);
                }
                return Err(error);
            }
        };
        // most often nobody else waits
        if changes.len() == 1 {
            let alone = changes.into_iter().map(|change| {
                (change.0)(Ok(&mut Write {
                    conn: &transaction,
                    path,
                }))
            });
            let (is_kept, tell) = alone.last().expect("there is one");
            told.push(tell);
            return if is_kept {
                transaction.commit()
            } else {
                Ok(())
            };
        }
        let mut broken = None;
        for change in changes {
            let savepoint = match broken.take().map_or_else(|| transaction.savepoint(), Err) {
                Ok(savepoint) => savepoint,
                Err(error) => {
                    told.push((change.0)(Err(Error::of(path, again(&error)))).1);
                    broken = Some(error);
                    continue;
                }
            };
            let (is_kept, tell) = (change.0)(Ok(&mut Write {
                conn: &savepoint,
                path,
            }));
            told.push(tell);
            if is_kept {
                broken = savepoint.commit().err();
            } else if is_over(&savepoint) {
                // a full disk, say: SQLite has taken back the whole transaction
                broken = Some(aborted());
            }
        }
        match broken {
            Some(error) => Err(error),
            None => transaction.commit(),
        }
    }
}

fn is_over(conn: &Connection) -> bool {
    conn.is_autocommit()
}

/// Why a change was taken back that had nothing to do with it.
fn aborted() -> rusqlite::Error {
    let code = ffi::Error::new(ffi::SQLITE_ABORT);
    rusqlite::Error::SqliteFailure(
        code,
        Some("another change broke the transaction".to_owned()),
    )
}

/// The same error once more.
fn again(error: &rusqlite::Error) -> rusqlite::Error {
    match error {
        rusqlite::Error::SqliteFailure(code, text) => {
            rusqlite::Error::SqliteFailure(*code, text.clone())
        }
        other => rusqlite::Error::SqliteFailure(
            ffi::Error {
                code: ErrorCode::Unknown,
                extended_code: ffi::SQLITE_ERROR,
            },
            Some(other.to_string()),
        ),
    }
}
