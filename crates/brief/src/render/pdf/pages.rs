//! Rows to pages.

use super::{lines::Line, tags::NodeId};

/// What stands in a row besides text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ornament {
    /// A hairline below it, over the whole width.
    Rule,
    /// The mark: a thin line that rises over a horizon.
    Mark,
}

/// A line in its column.
pub(super) struct Cell {
    /// From the left edge of the page, in points.
    pub(super) x: f32,
    pub(super) line: Line,
    /// The element that it is part of.
    pub(super) node: NodeId,
}

/// What stands on one height.
pub(super) struct Row {
    /// In points.
    pub(super) height: f32,
    pub(super) cells: Vec<Cell>,
    pub(super) ornament: Option<Ornament>,
}

/// Rows that stay together on a page.
pub(super) struct Block {
    /// The space above it, but for the top of a page; in points.
    pub(super) before: f32,
    pub(super) rows: Vec<Row>,
    /// Whether the next block stands on the same page.
    pub(super) leads: bool,
}

impl Block {
    fn height(&self) -> f32 {
        self.rows.iter().map(|row| row.height).sum()
    }
}

/// Rows with the height of their tops, from the top of the page.
pub(super) type Page = Vec<(f32, Row)>;

/// A page and a height on it.
pub(super) type Place = (usize, f32);

/// Fills pages between two heights, and says where each block begins. A block that is higher than a page is parted.
pub(super) fn paginate(blocks: Vec<Block>, top: f32, bottom: f32) -> (Vec<Page>, Vec<Place>) {
    let mut pages: Vec<Page> = vec![Page::new()];
    let mut places = Vec::new();
    let mut y = top;
    let needs = needs(&blocks);
    for (block, need) in blocks.into_iter().zip(needs) {
        if y > top {
            y += block.before;
        }
        if y > top && y + need > bottom {
            pages.push(Page::new());
            y = top;
        }
        places.push((pages.len() - 1, y));
        for row in block.rows {
            if y > top && y + row.height > bottom {
                pages.push(Page::new());
                y = top;
            }
            let height = row.height;
            if let Some(page) = pages.last_mut() {
                page.push((y, row));
            }
            y += height;
        }
    }
    (pages, places)
}

/// How much room each block needs where it begins: its own, and that of the blocks that it leads.
fn needs(blocks: &[Block]) -> Vec<f32> {
    let mut needs = vec![0.0; blocks.len()];
    for (index, block) in blocks.iter().enumerate().rev() {
        let led = blocks.get(index + 1).filter(|_| block.leads);
        needs[index] = block.height() + led.map_or(0.0, |next| next.before + needs[index + 1]);
    }
    needs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(heights: &[f32], leads: bool) -> Block {
        let row = |&height: &f32| Row {
            height,
            cells: Vec::new(),
            ornament: None,
        };
        Block {
            before: 5.0,
            rows: heights.iter().map(row).collect(),
            leads,
        }
    }

    #[test]
    fn a_block_that_does_not_fit_begins_a_page_and_takes_its_heading_along() {
        let blocks = vec![
            block(&[60.0], false),
            block(&[10.0], true),
            block(&[20.0, 20.0], false),
        ];
        let (pages, places) = paginate(blocks, 10.0, 110.0);
        assert_eq!(places, [(0, 10.0), (1, 10.0), (1, 25.0)]);
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [1, 3]);
    }

    #[test]
    fn a_block_higher_than_a_page_is_parted_and_loses_no_row() {
        let (pages, _) = paginate(vec![block(&[40.0; 7], false)], 0.0, 100.0);
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 2, 1]);
        let (pages, _) = paginate(vec![block(&[400.0, 10.0], false)], 0.0, 100.0);
        assert_eq!(pages.len(), 2, "a row higher than a page stands alone");
    }
}
