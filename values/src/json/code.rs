//! SQLSTATEs of SQL/JSON.

pub(super) const DUPLICATE_JSON_OBJECT_KEY_VALUE: &str = "22030";
pub(super) const INVALID_ARGUMENT_FOR_SQL_JSON_DATETIME_FUNCTION: &str = "22031";
pub(super) const MORE_THAN_ONE_SQL_JSON_ITEM: &str = "22034";
pub(super) const SQL_JSON_MEMBER_NOT_FOUND: &str = "2203A";
pub(super) const SQL_JSON_NUMBER_NOT_FOUND: &str = "2203B";
pub(super) const SQL_JSON_SCALAR_REQUIRED: &str = "2203F";
pub(super) const STATEMENT_TOO_COMPLEX: &str = "54001";
