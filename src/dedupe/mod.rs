//! Entry + Known → Change.
