//! A text in the pieces that dates are made of.

use super::months;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A number and how many digits it has.
    Number(i64, usize),
    /// A month by its name.
    Month(i64),
    /// Another word, in lower case.
    Word(String),
    /// Any other character.
    Mark(char),
}

pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if first.is_ascii_digit() {
            rest.bytes().take_while(u8::is_ascii_digit).count()
        } else if first.is_alphabetic()
            && !matches!(first, '年' | '月' | '日' | '년' | '월' | '일' | '時' | '시')
        {
            rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (token, tail) = rest.split_at(length);
        rest = tail;
        if first.is_ascii_digit() {
            tokens.push(Token::Number(token.parse().unwrap_or(-1), length));
        } else if first.is_alphabetic() && length > first.len_utf8() {
            push_word(token, &mut tokens);
        } else if !first.is_whitespace() {
            tokens.push(Token::Mark(first));
        }
        if tokens.len() > 60 {
            break;
        }
    }
    tokens
}

fn push_word(word: &str, tokens: &mut Vec<Token>) {
    let word = word.to_lowercase();
    tokens.push(months::month(&word).map_or(Token::Word(word), Token::Month));
}
/// The number at this place, and how many digits it has.
pub(super) fn number(tokens: &[Token], at: usize) -> Option<(i64, usize)> {
    match tokens.get(at)? {
        Token::Number(value, digits) => Some((*value, *digits)),
        _ => None,
    }
}
