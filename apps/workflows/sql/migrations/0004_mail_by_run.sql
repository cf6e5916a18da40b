-- Whether a run is still to be started, or has something on its way to it.
CREATE INDEX mail_by_run ON mail (run_id);
