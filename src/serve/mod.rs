//! The service: a schedule, and HTTP.
