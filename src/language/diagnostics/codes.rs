//! The table of codes: one row a code, with slug, exit code and page.
//!
//! A code is never reused. `E` stops the next stage, `W` does not.

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Stops the next stage.
    Error,
    /// Is reported and counted.
    Warning,
}

macro_rules! codes {
    ($($code:ident $exit:literal $slug:literal;)*) => {
        /// The stable name of a finding.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[derive(serde::Serialize, serde::Deserialize)]
        #[allow(missing_docs, reason = "each code has a page of its own")]
        pub enum Code { $($code),* }

        impl Code {
            /// All codes, in order.
            pub const ALL: &'static [Self] = &[$(Self::$code),*];

            /// The code as written, such as `E0401`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$code => stringify!($code)),* }
            }

            /// A short readable name, such as `topology-cycle`.
            #[must_use]
            pub fn slug(self) -> &'static str {
                match self { $(Self::$code => $slug),* }
            }

            /// The exit code of a command that ends with this error.
            #[must_use]
            pub fn exit_code(self) -> u8 {
                match self { $(Self::$code => $exit),* }
            }

            /// The page that explains the code, in Markdown.
            #[must_use]
            pub fn page(self) -> &'static str {
                match self { $(Self::$code => include_str!(concat!("codes/", stringify!($code), ".md"))),* }
            }
        }
    };
}

impl Code {
    /// Error or warning, as the first letter says.
    #[must_use]
    pub fn severity(self) -> Severity {
        if self.name().starts_with('E') { Severity::Error } else { Severity::Warning }
    }

    /// The code with this name, in any case of letters.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name().eq_ignore_ascii_case(name))
    }
}

codes! {
    E0101 8 "syntax";
    E0102 8 "newer-language-version";
    E0103 8 "key-given-twice";
    E0104 8 "unknown-key";
    E0105 8 "wrong-type-of-value";
    E0106 8 "required-key-missing";
    E0107 8 "unit-not-allowed";
    E0108 8 "malformed-yaml";
    E0109 8 "import-cycle";
    W0110 0 "long-inline-edge-list";
    E0111 8 "nesting-or-size-limit";
    E0112 8 "path-leaves-root";
    E0113 8 "not-in-this-version";
    E0201 8 "undefined-name";
    E0202 8 "defined-twice";
    E0203 8 "ambiguous";
    W0204 0 "shadows-a-word";
    W0205 0 "unused";
    E0206 8 "reserved-word";
    E0207 8 "wrong-kind-of-thing";
    E0208 8 "column-not-declared";
    E0209 8 "invisible-characters";
    E0301 3 "unreadable-file";
    E0302 6 "malformed-record";
    E0303 6 "column-missing-or-mistyped";
    E0304 7 "duplicate-sample";
    E0305 7 "duplicate-variant";
    E0306 7 "no-identifier-matches";
    W0307 0 "identifiers-unmatched";
    E0308 7 "allele-mismatch";
    W0309 0 "strand-ambiguous-variant";
    E0310 7 "assembly-mismatch";
    E0311 7 "contig-naming-mismatch";
    W0312 0 "version-suffix-on-ids";
    E0313 7 "no-shared-sample";
    W0314 0 "samples-dropped";
    W0315 0 "constant-variants";
    E0316 8 "dosages-not-read";
    E0317 7 "heterozygous-haploid";
    W0318 0 "id-repeated-in-set";
    E0319 7 "files-do-not-belong-together";
    W0320 0 "ids-mangled-by-spreadsheet";
    W0321 0 "chromosomes-left-out";
    W0322 0 "outdated-term";
    E0401 8 "topology-cycle";
    E0402 8 "self-link";
    W0403 0 "duplicate-edge";
    E0404 7 "edge-weights-disagree";
    E0405 8 "trait-unreachable";
    W0406 0 "node-reaches-no-output";
    W0407 0 "node-without-input";
    E0408 7 "layer-empty";
    W0409 0 "set-outside-size-limits";
    E0410 8 "prior-joins-other-kinds";
    E0411 8 "prior-matches-reversed";
    W0412 0 "link-skips-a-level";
    W0413 0 "hierarchy-deeper-than-depth";
    E0414 8 "input-linked-to-nothing";
    W0415 0 "hub-reads-most-variants";
    W0416 0 "sets-with-same-members";
    E0417 7 "window-overlaps-no-variant";
    W0418 0 "feeds-more-than-max-genes";
    E0501 8 "width-mismatch";
    E0502 8 "width-below-one";
    E0503 8 "activations-disagree";
    E0504 8 "unknown-word";
    E0505 8 "supervised-width";
    E0506 10 "over-budget";
    W0507 0 "more-parameters-than-samples";
    W0508 0 "all-to-all-beside-a-prior";
    E0601 8 "loss-does-not-fit";
    E0602 8 "units-differ";
    E0603 8 "trait-is-also-input";
    E0604 8 "supervised-twice";
    E0605 8 "supervise-matches-nothing";
    W0606 0 "supervise-some-unmatched";
    E0607 7 "binary-coding";
    W0608 0 "constant-trait";
    E0609 13 "trait-unobserved";
    E0610 8 "bad-loss-weight";
    W0611 0 "minus-nine";
    E0701 7 "prior-estimated-on-test-samples";
    W0702 0 "estimated-on-whom";
    W0703 0 "nothing-selected";
    W0704 0 "one-group-in-training";
    E0705 13 "too-few-groups";
    W0706 0 "near-duplicates";
    E0707 7 "fold-assignment";
    W0708 0 "never-tested";
    W0709 0 "covariate-identifies-fold";
    W0710 0 "covariate-is-the-trait";
    E0801 7 "locked-file-changed";
    E0802 7 "not-locked";
    W0803 0 "stale-lock";
    E0804 7 "other-graph";
    E0805 8 "seed-missing";
    W0806 0 "source-without-origin";
    E0807 7 "newer-file";
    E0808 6 "checkpoint-damaged";
    E0901 5 "cannot-write";
    E0902 9 "numeric-failure";
    E0903 13 "degenerate-data";
    E0904 2 "run-folder-in-use";
    E0905 130 "interrupted";
    E0906 2 "folder-not-empty";
    W0907 0 "no-number-of-threads";
    W0908 0 "little-memory";
    W1001 0 "below-linear";
    W1002 0 "network-without-share";
    W1003 0 "latent-apart";
    W1004 0 "dead-units";
    W1005 0 "saturated-units";
    W1006 0 "overfitted";
    W1007 0 "too-few-epochs";
    W1008 0 "nothing-learnt";
    W1009 0 "networks-disagree";
    W1010 0 "one-input-nodes";
    W1011 0 "idle-branch";
    W1012 0 "importance-follows-size";
}
