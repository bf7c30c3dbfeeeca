//! The web: public pages of a brief, its editions and sign-up.
