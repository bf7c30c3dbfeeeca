//! The structure of a document, by which it is read aloud (tagged PDF, ISO 32000-1, section 14.8).

use krilla::tagging::{Identifier, Node, TagGroup, TagKind, TagTree};

/// An element of the structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct NodeId(usize);

/// Elements, each under one that was added before.
#[derive(Default)]
pub(super) struct Tags {
    nodes: Vec<Element>,
    top: Vec<NodeId>,
}

struct Element {
    tag: TagKind,
    children: Vec<Child>,
}

enum Child {
    Element(NodeId),
    Content(Identifier),
}

impl Tags {
    /// Adds an element behind the others of its parent, or at the top.
    pub(super) fn add(&mut self, parent: Option<NodeId>, tag: impl Into<TagKind>) -> NodeId {
        let id = NodeId(self.nodes.len());
        self.nodes.push(Element {
            tag: tag.into(),
            children: Vec::new(),
        });
        match parent {
            Some(parent) => self.nodes[parent.0].children.push(Child::Element(id)),
            None => self.top.push(id),
        }
        id
    }

    /// Adds what was drawn to its element.
    pub(super) fn fill(&mut self, node: NodeId, content: Identifier) {
        self.nodes[node.0].children.push(Child::Content(content));
    }

    /// Says what an element's content reads, where it is not drawn in the order in which it is read.
    pub(super) fn speak(&mut self, node: NodeId, text: String) {
        self.nodes[node.0].tag.set_actual_text(Some(text));
    }

    /// The finished tree.
    pub(super) fn tree(self, language: &str) -> TagTree {
        let mut groups: Vec<Option<TagGroup>> = Vec::new();
        groups.resize_with(self.nodes.len(), || None);
        // Whoever was added later is nobody's parent who came before, so each is ready when its parent's turn comes.
        for (index, element) in self.nodes.into_iter().enumerate().rev() {
            let children = element.children.into_iter().filter_map(|child| match child {
                Child::Element(NodeId(child)) => groups[child].take().map(Node::from),
                Child::Content(content) => Some(Node::from(content)),
            });
            groups[index] = Some(TagGroup::with_children(element.tag, children.collect()));
        }
        let mut tree = TagTree::new().with_lang(Some(language.to_owned()));
        for NodeId(top) in self.top {
            if let Some(group) = groups[top].take() {
                tree.push(group);
            }
        }
        tree
    }
}
