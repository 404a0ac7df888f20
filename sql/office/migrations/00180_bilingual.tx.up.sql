-- A version says what the proposal said, in Swedish, too, where it is in both languages.
ALTER TABLE proposal_version ADD COLUMN swedish jsonb;
