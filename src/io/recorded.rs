//! A world that remembers what it was asked.
//!
//! What was worked out from files alone holds for as long as every question is answered as it
//! was then.

use super::World;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Something asked of the outside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Question {
    /// The bytes of a file.
    Content(PathBuf),
    /// At most so many of its first bytes.
    Head(PathBuf, usize),
    /// Its size.
    Size(PathBuf),
    /// Whether something of that name is there.
    Exists(PathBuf),
    /// Whether it is a regular file.
    IsFile(PathBuf),
    /// Where it is, with links resolved.
    Canonical(PathBuf),
    /// What stands in a folder.
    List(PathBuf),
}

impl Question {
    /// What the world answers, in short: digests stand for bytes, kinds for errors.
    #[must_use]
    pub fn answer(&self, world: &dyn World) -> String {
        match self {
            Self::Content(path) => of_digest(&world.digest(path)),
            Self::Head(path, length) => of_bytes(&world.head(path, *length)),
            Self::Size(path) => of_size(&world.size(path)),
            Self::Exists(path) => world.exists(path).to_string(),
            Self::IsFile(path) => world.is_file(path).to_string(),
            Self::Canonical(path) => of_path(&world.canonical(path)),
            Self::List(path) => of_path(&world.list(path)),
        }
    }

    /// What it is about.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Content(path)
            | Self::Head(path, _)
            | Self::Size(path)
            | Self::Exists(path)
            | Self::IsFile(path)
            | Self::Canonical(path)
            | Self::List(path) => path,
        }
    }
}

fn of_bytes(answer: &io::Result<Vec<u8>>) -> String {
    in_short(answer, |bytes| blake3::hash(bytes).to_hex().to_string())
}

fn of_digest(answer: &io::Result<(u64, String)>) -> String {
    in_short(answer, |(_, digest)| digest.clone())
}

fn of_size(answer: &io::Result<u64>) -> String {
    in_short(answer, u64::to_string)
}

/// Of a path or a list of them.
fn of_path<T: std::fmt::Debug>(answer: &io::Result<T>) -> String {
    in_short(answer, |found| format!("{found:?}"))
}

fn in_short<T>(answer: &io::Result<T>, short: impl FnOnce(&T) -> String) -> String {
    match answer {
        Ok(answer) => short(answer),
        Err(why) => format!("{:?}", why.kind()),
    }
}

/// Asks another world and keeps each question with its answer, except those about one folder.
pub struct Recorded<'a> {
    world: &'a dyn World,
    except: &'a Path,
    asked: Mutex<BTreeMap<Question, String>>,
}

impl<'a> Recorded<'a> {
    /// Records questions to `world`, but none about what is in the folder `except`.
    #[must_use]
    pub fn new(world: &'a dyn World, except: &'a Path) -> Self {
        Self { world, except, asked: Mutex::default() }
    }

    /// Every question with its first answer, in order of the questions.
    #[must_use]
    pub fn asked(self) -> Vec<(Question, String)> {
        self.asked.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().collect()
    }

    fn keep(&self, question: Question, answer: impl FnOnce() -> String) {
        if !question.path().starts_with(self.except) {
            let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            asked.entry(question).or_insert_with(answer);
        }
    }
}

impl World for Recorded<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let answer = self.world.read(path);
        self.keep(Question::Content(path.into()), || of_bytes(&answer));
        answer
    }

    fn head(&self, path: &Path, length: usize) -> io::Result<Vec<u8>> {
        let answer = self.world.head(path, length);
        self.keep(Question::Head(path.into(), length), || of_bytes(&answer));
        answer
    }

    fn size(&self, path: &Path) -> io::Result<u64> {
        let answer = self.world.size(path);
        self.keep(Question::Size(path.into()), || of_size(&answer));
        answer
    }

    fn digest(&self, path: &Path) -> io::Result<(u64, String)> {
        let answer = self.world.digest(path);
        self.keep(Question::Content(path.into()), || of_digest(&answer));
        answer
    }

    fn exists(&self, path: &Path) -> bool {
        let answer = self.world.exists(path);
        self.keep(Question::Exists(path.into()), || answer.to_string());
        answer
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let answer = self.world.list(folder);
        self.keep(Question::List(folder.into()), || of_path(&answer));
        answer
    }

    fn is_file(&self, path: &Path) -> bool {
        let answer = self.world.is_file(path);
        self.keep(Question::IsFile(path.into()), || answer.to_string());
        answer
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.world.create_folder(path)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.world.remove(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.world.rename(from, to)
    }

    fn hold(&self, path: &Path) -> io::Result<Option<Box<dyn Send>>> {
        self.world.hold(path)
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        let answer = self.world.canonical(path);
        self.keep(Question::Canonical(path.into()), || of_path(&answer));
        answer
    }

    /// Not kept: what is reviewed does not depend on it.
    fn variable(&self, name: &str) -> Option<String> {
        self.world.variable(name)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.world.write(path, bytes)
    }
}
