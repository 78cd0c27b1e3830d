//! The schema of the options document (appendix C), built part by part.

use std::sync::OnceLock;

use super::grammars::Grammars;
use super::names::XSD;
use super::representation::EXI;
use crate::schema::{
    ComplexType, Content, Element, Particle, Primitive, QName, Schema, SimpleType, Term, TypeRef, Wildcard,
};

/// Names of representations, for datatype representation maps.
const REPRESENTATIONS: [&str; 17] = [
    "base64Binary",
    "hexBinary",
    "boolean",
    "decimal",
    "double",
    "integer",
    "string",
    "dateTime",
    "date",
    "time",
    "gYearMonth",
    "gMonthDay",
    "gYear",
    "gMonth",
    "gDay",
    "ieeeBinary32",
    "ieeeBinary64",
];

/// The grammars of options documents.
pub(crate) fn options_grammars() -> Grammars {
    static OPTIONS: OnceLock<Grammars> = OnceLock::new();
    OPTIONS.get_or_init(|| Grammars::new(options_schema())).clone()
}

fn options_schema() -> Schema {
    let mut schema = Builder(Schema { namespaces: vec![EXI.to_owned()], ..Schema::default() });
    let string = schema.simple(Some((XSD, "string")), SimpleType::plain(Primitive::String));
    for name in REPRESENTATIONS {
        let base = SimpleType { base: Some(string), ..SimpleType::plain(Primitive::String) };
        schema.simple(Some((EXI, name)), base);
    }
    let number = |minimum| SimpleType {
        minimum: Some(minimum),
        maximum: Some(u32::MAX.into()),
        ..SimpleType::plain(Primitive::Integer)
    };
    let count = schema.simple(None, number(0));
    let size = schema.simple(None, number(1));
    let id = schema.simple(None, SimpleType { base: Some(string), ..SimpleType::plain(Primitive::String) });

    let layouts = vec![schema.flag("byte", 1), schema.flag("pre-compress", 1)];
    let alignment = schema.element("alignment", Term::Choice(layouts), 0, Some(1));
    let mapping = vec![any(1, Some(1)), any(1, Some(1))];
    let uncommon = vec![
        any(0, None),
        alignment,
        schema.flag("selfContained", 0),
        schema.value("valueMaxLength", count, false),
        schema.value("valuePartitionCapacity", count, false),
        schema.element("datatypeRepresentationMap", Term::Sequence(mapping), 0, None),
    ];
    let kept = ["dtd", "prefixes", "lexicalValues", "comments", "pis"];
    let kept = kept.map(|name| schema.flag(name, 0)).to_vec();
    let lesscommon = vec![
        schema.element("uncommon", Term::Sequence(uncommon), 0, Some(1)),
        schema.element("preserve", Term::Sequence(kept), 0, Some(1)),
        schema.value("blockSize", size, false),
    ];
    let common =
        vec![schema.flag("compression", 0), schema.flag("fragment", 0), schema.value("schemaId", id, true)];
    let header = vec![
        schema.element("lesscommon", Term::Sequence(lesscommon), 0, Some(1)),
        schema.element("common", Term::Sequence(common), 0, Some(1)),
        schema.flag("strict", 0),
    ];
    schema.element("header", Term::Sequence(header), 1, Some(1));
    if let Some(header) = schema.0.elements.last_mut() {
        header.is_global = true;
    }
    schema.0
}

struct Builder(Schema);

impl Builder {
    fn simple(&mut self, name: Option<(&str, &str)>, simple: SimpleType) -> usize {
        let name = name.map(|(uri, local)| QName { uri: uri.to_owned(), local: local.to_owned() });
        self.0.simple_types.push(SimpleType { name, ..simple });
        self.0.simple_types.len() - 1
    }

    fn declare(&mut self, name: &str, type_ref: TypeRef, nillable: bool) -> Term {
        let name = QName { uri: EXI.to_owned(), local: name.to_owned() };
        self.0.elements.push(Element {
            name,
            type_ref,
            is_global: false,
            nillable,
            is_abstract: false,
            substitutes: None,
        });
        Term::Element(self.0.elements.len() - 1)
    }

    fn complex(&mut self, name: &str, content: Content) -> Term {
        self.0.complex_types.push(ComplexType {
            name: None,
            base: None,
            is_abstract: false,
            attributes: Vec::new(),
            attribute_wildcard: None,
            content,
            text_slot: None,
        });
        self.declare(name, TypeRef::Complex(self.0.complex_types.len() - 1), false)
    }

    /// An element without content.
    fn flag(&mut self, name: &str, minimum: u32) -> Particle {
        let term = self.complex(name, Content::Empty);
        Particle { minimum, ..Particle::one(term) }
    }

    fn value(&mut self, name: &str, simple: usize, nillable: bool) -> Particle {
        let term = self.declare(name, TypeRef::Simple(simple), nillable);
        Particle { minimum: 0, ..Particle::one(term) }
    }

    fn element(&mut self, name: &str, content: Term, minimum: u32, maximum: Option<u32>) -> Particle {
        let term = self.complex(name, Content::Elements(Particle::one(content)));
        Particle { minimum, maximum, ..Particle::one(term) }
    }
}

fn any(minimum: u32, maximum: Option<u32>) -> Particle {
    Particle { minimum, maximum, ..Particle::one(Term::Wildcard(Wildcard::Any)) }
}
