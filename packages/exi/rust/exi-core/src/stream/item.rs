//! The items of an XML information set as a stream carries them (table 4-1).

use std::sync::Arc;

/// A qualified name. Names of one stream share their strings.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    /// Namespace URI, empty for none.
    pub uri: Arc<str>,
    /// Local name.
    pub local: Arc<str>,
}

impl Name {
    /// A name of two parts.
    pub fn new(uri: &str, local: &str) -> Self {
        Self { uri: uri.into(), local: local.into() }
    }

    /// Whether it has these two parts.
    pub fn is(&self, uri: &str, local: &str) -> bool {
        &*self.local == local && &*self.uri == uri
    }
}

/// One event of a stream.
///
/// Prefixes are None unless the stream preserves them. After `StartElement` stand, in this order,
/// `SelfContained`, `Namespace`, `Type`, `Nil` and `Attribute`; the encoder puts the last three in
/// their order itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    /// SD.
    StartDocument,
    /// ED.
    EndDocument,
    /// SE.
    StartElement {
        /// Name of the element.
        name: Name,
        /// Its prefix.
        prefix: Option<Arc<str>>,
    },
    /// EE.
    EndElement,
    /// AT, but for xsi:type and a boolean xsi:nil.
    Attribute {
        /// Name of the attribute.
        name: Name,
        /// Its prefix.
        prefix: Option<Arc<str>>,
        /// Lexical value.
        value: Arc<str>,
    },
    /// AT(xsi:type).
    Type {
        /// Prefix of the attribute itself.
        prefix: Option<Arc<str>>,
        /// The type; without namespace and with the whole lexical value when its prefix is not bound.
        name: Name,
        /// The prefix within the value.
        value_prefix: Option<Arc<str>>,
        /// The value as it stood in the document: there where a stream preserves lexical values. The
        /// encoder makes it from the two above when it is None.
        text: Option<Arc<str>>,
    },
    /// AT(xsi:nil) with a boolean value.
    Nil {
        /// Prefix of the attribute itself.
        prefix: Option<Arc<str>>,
        /// The value.
        value: bool,
        /// The value as it stood in the document, as in `Type`.
        text: Option<Arc<str>>,
    },
    /// NS.
    Namespace {
        /// The prefix, empty for the default namespace.
        prefix: Arc<str>,
        /// The namespace, empty to take the binding back.
        uri: Arc<str>,
        /// Whether this is the prefix of the element itself (local-element-ns).
        local_element: bool,
    },
    /// CH. Neighbours are joined when encoding.
    Characters(Arc<str>),
    /// CM.
    Comment(Arc<str>),
    /// PI.
    ProcessingInstruction {
        /// Its target.
        target: Arc<str>,
        /// The rest.
        text: Arc<str>,
    },
    /// DT.
    DocType {
        /// Name of the root.
        name: Arc<str>,
        /// Public identifier or nothing.
        public: Arc<str>,
        /// System identifier or nothing.
        system: Arc<str>,
        /// Internal subset.
        text: Arc<str>,
    },
    /// ER.
    EntityReference(Arc<str>),
    /// SC: the element that began last is self-contained.
    SelfContained,
}

/// An item that is looked at where it stands: the frequent ones need no memory of their own.
#[derive(Debug, PartialEq, Eq)]
pub enum ItemRef<'a> {
    /// SE.
    StartElement {
        /// Namespace URI, empty for none.
        uri: &'a Arc<str>,
        /// Local name.
        local: &'a str,
        /// Its prefix.
        prefix: Option<&'a Arc<str>>,
    },
    /// EE.
    EndElement,
    /// CH.
    Characters(&'a str),
    /// SE, CH and EE of an element with nothing but characters.
    Leaf {
        /// Namespace URI, empty for none.
        uri: &'a Arc<str>,
        /// Local name.
        local: &'a str,
        /// Its prefix.
        prefix: Option<&'a Arc<str>>,
        /// Its characters, not empty.
        text: &'a str,
    },
    /// Any item at all.
    Other(Item),
}

impl ItemRef<'_> {
    /// The same with memory of their own.
    pub fn into_items(self) -> impl Iterator<Item = Item> {
        let start = |uri: &Arc<str>, local: &str, prefix: Option<&Arc<str>>| Item::StartElement {
            name: Name { uri: uri.clone(), local: local.into() },
            prefix: prefix.cloned(),
        };
        let items = match self {
            Self::StartElement { uri, local, prefix } => [Some(start(uri, local, prefix)), None, None],
            Self::EndElement => [Some(Item::EndElement), None, None],
            Self::Characters(text) => [Some(Item::Characters(text.into())), None, None],
            Self::Leaf { uri, local, prefix, text } => {
                let start = start(uri, local, prefix);
                [Some(start), Some(Item::Characters(text.into())), Some(Item::EndElement)]
            }
            Self::Other(item) => [Some(item), None, None],
        };
        items.into_iter().flatten()
    }
}
