//! The tree that a notation is parsed to: spanned, unresolved, free of any notation's types.
//!
//! Every item of the language is here, built or not; `spec::lower` decides what is refused.

use crate::language::source::{Span, Spanned};

/// A name as written, without backticks.
pub type Ident = Spanned<String>;

/// A parsed file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// Language version of the first line.
    pub version: Option<Spanned<u64>>,
    /// Items in the author's order.
    pub items: Vec<Item>,
}

/// One item with the `##` lines above it.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The text of the `##` lines, joined by newlines.
    pub doc: String,
    /// The whole item, from its keyword to its end.
    pub span: Span,
    /// What it is.
    pub kind: ItemKind,
}

/// The schemes of `evaluate`.
pub const SCHEMES: [&str; 9] =
    ["kfold", "leave_out", "folds", "holdout", "cv1", "cv2", "cv0", "cv00", "none"];

/// The thirteen items.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the words of the notation name the parts")]
pub enum ItemKind {
    /// `model NAME`
    Model(Ident),
    /// `import "PATH" as NAME`
    Import { path: Spanned<String>, alias: Option<Ident> },
    /// `let NAME = VALUE`
    Let { name: Ident, value: Value },
    /// `genotypes NAME from FORMAT "PATH" { … }`
    Genotypes { name: Ident, source: SourceRef, fields: Vec<Field> },
    /// `table NAME from FORMAT "PATH" { … column … }`
    Table { name: Ident, source: SourceRef, columns: Vec<Column>, fields: Vec<Field> },
    /// `prior NAME from FORMAT "PATH" : KIND -> KIND { … }`
    Prior { name: Ident, source: SourceRef, relates: Option<(Ident, Ident)>, fields: Vec<Field> },
    /// `layer NAME : KIND { … }`
    Layer { name: Ident, kind: Ident, fields: Vec<Field> },
    /// `node NAME, NAME : KIND { … }`
    Node { names: Vec<Ident>, kind: Ident, fields: Vec<Field> },
    /// `link FROM -> TO via … { … }`
    Link { from: Vec<Endpoint>, to: Vec<Endpoint>, via: Option<Value>, edges: Vec<Edge>, fields: Vec<Field> },
    /// `predict TRAITS from NODES { … }`
    Predict { traits: Vec<Path>, from: Vec<Endpoint>, fields: Vec<Field> },
    /// `supervise NODES by COLUMNS { … }`
    Supervise { nodes: Vec<Endpoint>, by: Vec<Path>, fields: Vec<Field> },
    /// `evaluate SCHEME { … }`; a bare word is a call without arguments
    Evaluate { scheme: Call, fields: Vec<Field> },
    /// `train { … }`
    Train { fields: Vec<Field> },
}

/// `from FORMAT "PATH"`.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceRef {
    /// The format word.
    pub format: Ident,
    /// The path or generator name.
    pub path: Spanned<String>,
}

/// `column NAME : TYPE { … }`; the name `*` stands for all the rest.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The `##` lines above it.
    pub doc: String,
    /// Its name, or `*` with `rest` set.
    pub name: Ident,
    /// Whether this is `column *`.
    pub rest: bool,
    /// The type word.
    pub kind: Ident,
    /// Its options.
    pub fields: Vec<Field>,
}

/// `KEY = VALUE` or `KEY = PREDICATE`.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The key.
    pub key: Ident,
    /// What stands right of `=`.
    pub value: FieldValue,
}

/// The right-hand side of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldValue {
    /// A value.
    Value(Value),
    /// Comparisons joined by `and`.
    Predicate(Vec<Comparison>),
}

/// `FROM, FROM -> TO, TO @ WEIGHT` inside a link's block.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// Source names.
    pub from: Vec<Ident>,
    /// Target names.
    pub to: Vec<Ident>,
    /// The number after `@`.
    pub weight: Option<Spanned<f64>>,
}

/// A dotted name; the last segment may be `*`.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Segments as written, without backticks.
    pub segments: Vec<Ident>,
    /// Whether the path ends in `.*`.
    pub star: bool,
    /// The whole path.
    pub span: Span,
}

/// A path with an optional level `(2)` and `where` clause.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// What is named.
    pub path: Path,
    /// The number in parentheses, as in `.level(2)`.
    pub level: Option<Spanned<u64>>,
    /// Comparisons after `where`, joined by `and`.
    pub filter: Vec<Comparison>,
    /// The whole endpoint.
    pub span: Span,
}

/// `PATH OPERATOR VALUE`.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The attribute.
    pub left: Path,
    /// The operator.
    pub operator: Spanned<Operator>,
    /// What it is compared with.
    pub right: Value,
}

/// The comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Operator {
    Equal,
    NotEqual,
    AtMost,
    AtLeast,
    Less,
    Greater,
    In,
}

/// `NAME(ARGUMENT, …)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The word before the parenthesis.
    pub name: Ident,
    /// Arguments in order; those with a name may stand anywhere.
    pub arguments: Vec<Argument>,
    /// The whole call.
    pub span: Span,
}

/// One argument of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// The word before `=`, if any.
    pub name: Option<Ident>,
    /// The value.
    pub value: Value,
}

/// A value with its place.
pub type Value = Spanned<ValueKind>;

/// What may stand right of `=`.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the variant's line names the parts")]
pub enum ValueKind {
    /// A number with an optional unit (`bp kb Mb cM %`); `integer` says that it was written without point or exponent.
    Number { number: f64, integer: bool, unit: Option<String> },
    /// A quoted text, escapes resolved.
    Text(String),
    /// `[…]`
    List(Vec<Value>),
    /// `name(…)`
    Call(Call),
    /// A dotted name; a bare word is a path of one segment.
    Path(Path),
}
