//! Paths as a repository knows them: relative to where binnc was started, with `/`.
//!
//! No folder of the machine stands in what is uploaded: known roots are taken off, and of any
//! other absolute path the file's name alone is left.

use std::path::Path;

/// The folders that paths are relative to.
#[derive(Clone, Debug, Default)]
pub struct Paths {
    /// Absolute, without `/` at the end, the longest first.
    roots: Vec<String>,
}

impl Paths {
    /// Paths below any of these folders lose it.
    #[must_use]
    pub fn new(roots: impl IntoIterator<Item = String>) -> Self {
        let plain = roots.into_iter().map(|root| slashes(&root).trim_end_matches('/').to_owned());
        let mut roots: Vec<String> = plain.filter(|root| Path::new(root).is_absolute()).collect();
        roots.sort_by_key(|root| std::cmp::Reverse(root.len()));
        Self { roots }
    }

    /// A path that starts at none of the machine's folders.
    #[must_use]
    pub fn relative(&self, path: &str) -> String {
        let path = slashes(path);
        for root in &self.roots {
            if let Some(rest) = path.strip_prefix(root.as_str()).and_then(|rest| rest.strip_prefix('/')) {
                return plain(rest);
            }
        }
        if Path::new(&path).is_absolute() {
            return path.rsplit('/').next().unwrap_or_default().to_owned();
        }
        plain(&path)
    }

    /// A text in which the known folders are taken off the paths.
    #[must_use]
    pub fn hidden(&self, text: &str) -> String {
        self.roots.iter().fold(text.to_owned(), |text, root| text.replace(&format!("{root}/"), ""))
    }
}

fn slashes(path: &str) -> String {
    if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() }
}

/// Without `.`, and with `..` taken back where a folder stands before it.
fn plain(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The path with what a URI cannot hold as `%XX`.
#[must_use]
pub fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Paths, uri};

    #[test]
    fn no_folder_of_the_machine_is_left() {
        let paths = Paths::new(["/home/ann/specs/".to_owned(), "/home/ann/specs/data".to_owned()]);
        assert_eq!(paths.relative("/home/ann/specs/a.binn"), "a.binn");
        assert_eq!(paths.relative("/home/ann/specs/data/x.tsv"), "x.tsv");
        assert_eq!(paths.relative("/home/annabel/x.tsv"), "x.tsv");
        assert_eq!(paths.relative("./specs/../b//c.binn"), "b/c.binn");
        assert_eq!(paths.relative("../../c.binn"), "../../c.binn");
        assert_eq!(paths.hidden("cannot read `/home/ann/specs/data/x`"), "cannot read `x`");
    }

    #[test]
    fn names_of_any_kind_are_uris() {
        assert_eq!(uri("specs/maïs 2:1.binn"), "specs/ma%C3%AFs%202%3A1.binn");
    }
}
