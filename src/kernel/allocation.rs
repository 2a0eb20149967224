//! The program's allocator: the system's, but for what happens when it has nothing left.
//!
//! A program that asks for more memory than there is would be aborted without a word. Asked through
//! this one it says so and ends with the exit code of a limit that is exceeded.

#![expect(unsafe_code, reason = "an allocator hands out memory")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Write;

/// The exit code of E0506.
const OVER_BUDGET: i32 = 10;

/// The allocator of the system, which never comes back without memory.
#[derive(Clone, Copy, Debug, Default)]
pub struct Allocator;

// SAFETY: every call is one of the system's allocator with the same arguments, and what is given back is
// what that gave.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract of this very method.
        given(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract of this very method.
        given(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller keeps the contract of this very method.
        given(unsafe { System.realloc(memory, layout, size) }, size)
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of this very method.
        unsafe { System.dealloc(memory, layout) }
    }
}

fn given(memory: *mut u8, bytes: usize) -> *mut u8 {
    if memory.is_null() {
        refuse(bytes);
    }
    memory
}

/// Says so without asking for memory, and ends the process.
#[cold]
fn refuse(bytes: usize) -> ! {
    let mut error = std::io::stderr();
    let _ = writeln!(
        error,
        "Error: E0506 over-budget\n\n  × the system gave no more memory: {bytes} bytes more were asked for"
    );
    let _ = writeln!(
        error,
        "  help: `--threads 1` and `--memory SIZE` run fewer fits side by side; a run goes on from its last \
         checkpoint when its command is given again"
    );
    std::process::exit(OVER_BUDGET)
}
