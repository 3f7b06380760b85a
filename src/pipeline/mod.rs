//! The only place that joins stages; reads the clock once a run.
