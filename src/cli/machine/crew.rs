//! How many fits run at once in the memory that there is.
//!
//! What the user allows is a promise: a run that cannot keep it is refused. The machine's own limit
//! is compared with an upper estimate: there the run only goes one fit at a time, and warns.

use super::error;
use super::memory::Allowed;
use crate::language::diagnostics::Diagnostic;
use crate::study::evaluate::{Crew, Forecast};

/// The crew of a run, with W0908 where even one fit at a time may take more than the machine has.
///
/// # Errors
/// E0506 where one fit at a time takes more than the user allows.
pub(in crate::cli) fn crew(
    forecast: &Forecast,
    threads: usize,
    allowed: Option<&Allowed>,
) -> Result<(Crew, Option<Diagnostic>), Diagnostic> {
    let Some(allowed) = allowed else { return Ok((Crew::of(threads), None)) };
    match forecast.crew(threads, allowed.bytes) {
        Ok(crew) => Ok((crew, None)),
        Err(short) if allowed.asked => Err(error::over_budget(forecast, short.needed, allowed)),
        Err(short) => {
            let one_at_a_time = Crew { preparing: 1, fitting: 1, fitting_dense: 1, ..Crew::of(threads) };
            Ok((one_at_a_time, Some(error::little_memory(forecast, short.needed, allowed))))
        }
    }
}
