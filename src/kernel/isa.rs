//! Which instruction set kernels run on.
//!
//! Kernels of this crate give the same bits on every one of them: products and sums have one
//! shape, and where a product and a sum are fused, they are fused everywhere.

use std::sync::OnceLock;

static CHOSEN: OnceLock<Isa> = OnceLock::new();
static PINNED: OnceLock<Isa> = OnceLock::new();

/// An instruction set that kernels are written for, narrowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Isa {
    /// Plain Rust, which runs on every machine and defines the result.
    Scalar,
    /// 256-bit vectors with fused products.
    Avx2,
    /// 512-bit vectors.
    Avx512,
}

impl Isa {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Scalar, Self::Avx2, Self::Avx512];

    /// The one that kernels run on: the widest that this machine has, or the one pinned.
    #[must_use]
    pub fn here() -> Self {
        *CHOSEN.get_or_init(|| Self::ALL.into_iter().rev().find(|isa| isa.is_here()).unwrap_or(Self::Scalar))
    }

    /// Makes kernels of this process run on one set, large dense blocks among them; `false` when
    /// the machine has it not or another one is in use.
    #[must_use]
    pub fn pin(self) -> bool {
        self.is_here() && *CHOSEN.get_or_init(|| self) == self && *PINNED.get_or_init(|| self) == self
    }

    /// The one that was pinned.
    #[must_use]
    pub fn pinned() -> Option<Self> {
        PINNED.get().copied()
    }

    /// Whether this machine has it.
    #[must_use]
    pub fn is_here(self) -> bool {
        match self {
            Self::Scalar => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => {
                std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma")
            }
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => {
                Self::Avx2.is_here()
                    && std::arch::is_x86_feature_detected!("avx512f")
                    && std::arch::is_x86_feature_detected!("avx512vl")
                    && std::arch::is_x86_feature_detected!("avx512bw")
                    && std::arch::is_x86_feature_detected!("avx512dq")
            }
            #[cfg(not(target_arch = "x86_64"))]
            Self::Avx2 | Self::Avx512 => false,
        }
    }

    /// Its name, as options and files write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        }
    }
}
