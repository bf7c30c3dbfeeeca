//! MIME, DKIM and the SMTP client, and the catcher that demos and tests deliver to.
