//! `allow = [W0412]` on an item: the warnings that its author has read and accepts.
//!
//! An allowance changes what is said, never what is computed, and stands in no digest.

use super::Spec;
use crate::language::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::language::source::Span;

/// One warning that an item accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// The warning.
    pub code: Code,
    /// The whole item; findings that point into it are accepted.
    pub item: Span,
}

impl Allowed {
    /// Whether this is the accepted warning, and any of its labels points into the item.
    #[must_use]
    pub fn covers(&self, finding: &Diagnostic) -> bool {
        let inside = |span: Span| self.item.start <= span.start && span.end <= self.item.end;
        self.code == finding.code && finding.labels.iter().any(|label| inside(label.span))
    }
}

/// What is left to say after the accepted warnings were taken out.
#[must_use]
pub fn without_allowed(found: Diagnostics, allowed: &[Allowed]) -> Diagnostics {
    let mut kept = Diagnostics::default();
    kept.extend(found.into_iter().filter(|finding| !allowed.iter().any(|allowed| allowed.covers(finding))));
    kept
}

impl Spec {
    /// What is left of `found` after the warnings that its items accept.
    #[must_use]
    pub fn accept(&self, found: Diagnostics) -> Diagnostics {
        without_allowed(found, &self.allowed)
    }
}
