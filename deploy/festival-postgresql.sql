-- What PostgreSQL writes into its log about this festival's statements: sudo -u postgres psql -f deploy/festival-postgresql.sql
-- A refused statement is written with the row it was about, so with names and phones. The program writes the kind of each fault
-- and its place into its own log, so here only what ends a connection is left.
ALTER DATABASE festival SET log_min_messages = 'fatal';
ALTER DATABASE festival SET log_min_error_statement = 'panic';
ALTER DATABASE festival SET log_error_verbosity = 'terse';
-- Also where somebody turns on the log of statements or of slow ones: never with what they carried.
ALTER DATABASE festival SET log_statement = 'none';
ALTER DATABASE festival SET log_min_duration_statement = -1;
ALTER DATABASE festival SET log_parameter_max_length = 0;
ALTER DATABASE festival SET log_parameter_max_length_on_error = 0;
