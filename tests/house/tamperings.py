"""What somebody with a shell may change in the tables behind the doors' back: statements, a semicolon after each."""

TAMPERINGS = {
    "which step the hall was shown": """
        UPDATE reveal SET step = step + 1 WHERE id = (SELECT max(id) FROM reveal)
    """,
    "that a reveal was a rehearsal": """
        UPDATE reveal SET practice = (NOT practice) WHERE id = (SELECT min(id) FROM reveal)
    """,
    "the order of the contests, and what a script said": """
        UPDATE reveal_order SET codes = '["tai-nang"]';
        UPDATE script_print SET digest = 'khác'
    """,
    "who opens a session, and the name of a pause": """
        UPDATE wish SET kind = 'closing' WHERE id = (SELECT min(id) FROM wish WHERE kind = 'opening');
        UPDATE wish SET note = 'Nghỉ trưa' WHERE id = (SELECT min(id) FROM wish WHERE kind = 'pause')
    """,
    "a sum of money in the report": """
        UPDATE report_line SET amount_vnd = amount_vnd + 1000 WHERE amount_vnd IS NOT NULL
    """,
    "who received money, how much, and the paper of it": """
        UPDATE pay_line SET receipt = NULL, says = replace(says, '1500000', '1600000') WHERE number = 1;
        UPDATE pay_sheet SET content = editable
    """,
    "a document of the report": """
        UPDATE report_file SET content = (SELECT content FROM report_file WHERE form = 'docx' AND report_id =
            (SELECT min(id) FROM report_version)) WHERE form = 'pdf'
    """,
    "which contests a stage takes": """
        DELETE FROM stage_takes
    """,
    "who went on into the final": """
        UPDATE contest SET cut = replace(cut, '"from"', '"whence"') WHERE code = 'chung-ket'
    """,
    "from which entry one of the final comes": """
        UPDATE entry SET from_id = (SELECT max(b.id) FROM entry b JOIN contest c ON c.id = b.contest_id WHERE c.code =
            'tai-nang') WHERE id = (SELECT min(e.id) FROM entry e JOIN contest c ON c.id = e.contest_id WHERE c.code =
            'chung-ket')
    """,
    "another page of the signed minutes": """
        UPDATE signed_scan_page SET content = (SELECT content FROM signed_scan_page WHERE id = (SELECT max(id) FROM
            signed_scan_page)) WHERE id = (SELECT min(id) FROM signed_scan_page)
    """,
    "the announcement of who goes on": """
        UPDATE contest SET cut_announced_at = NULL WHERE code = 'chung-ket'
    """,
    "the words of an announcement": """
        UPDATE announcement SET words = 'Thi ngoài sân' WHERE id = (SELECT min(id) FROM announcement)
    """,
    "the turns that a family was told": """
        UPDATE turns_told SET turns = replace(turns, 'T0', 'T1') WHERE id = (SELECT max(id) FROM turns_told)
    """,
    "a message that did not go": """
        UPDATE turns_told SET taken_back_at = NULL WHERE id = (SELECT min(id) FROM turns_told)
    """,
    "a mark +0.25": """
        UPDATE mark SET milli = milli + 250 WHERE sheet_id = (SELECT min(sheet_id) FROM mark) AND criterion_id =
            (SELECT min(m.criterion_id) FROM mark m WHERE m.sheet_id = (SELECT min(sheet_id) FROM mark))
    """,
    "a mark and its total +0.25": """
        UPDATE mark SET milli = milli + 250 WHERE sheet_id = (SELECT min(sheet_id) FROM mark) AND criterion_id =
            (SELECT min(m.criterion_id) FROM mark m WHERE m.sheet_id = (SELECT min(sheet_id) FROM mark));
        UPDATE score_sheet SET total_milli = total_milli + 250 WHERE id = (SELECT min(sheet_id) FROM mark)
    """,
    "two judges swapped in their sheets": """
        CREATE TEMPORARY TABLE two AS SELECT a.id AS one_id, b.id AS other_id, a.judge_id AS one, b.judge_id AS
            other FROM score_sheet a JOIN score_sheet b ON b.entry_id = a.entry_id AND b.judge_id > a.judge_id WHERE
            a.state = 'marked' AND b.state = 'marked' AND a.total_milli <> b.total_milli ORDER BY a.id, b.id LIMIT 1;
        UPDATE score_sheet SET round = 2 WHERE id = (SELECT one_id FROM two);
        UPDATE score_sheet SET judge_id = (SELECT one FROM two) WHERE id = (SELECT other_id FROM two);
        UPDATE score_sheet SET judge_id = (SELECT other FROM two), round = 1 WHERE id = (SELECT one_id FROM two);
        DROP TABLE two
    """,
    "two judges swapped with versions and marks": """
        CREATE TEMPORARY TABLE two AS SELECT a.id AS one_id, b.id AS other_id FROM score_sheet a JOIN score_sheet b
            ON b.entry_id = a.entry_id AND b.judge_id > a.judge_id WHERE a.state = 'marked' AND b.state = 'marked' AND
            a.total_milli <> b.total_milli ORDER BY a.id, b.id LIMIT 1;
        CREATE TEMPORARY TABLE totals AS SELECT id, total_milli FROM score_sheet;
        CREATE TEMPORARY TABLE given AS SELECT * FROM mark WHERE sheet_id IN (SELECT one_id FROM two UNION SELECT
            other_id FROM two);
        DELETE FROM mark WHERE sheet_id IN (SELECT one_id FROM two UNION SELECT other_id FROM two);
        INSERT INTO mark (sheet_id, criterion_id, milli) SELECT CASE WHEN sheet_id = one_id THEN other_id ELSE
            one_id END, criterion_id, milli FROM given, two;
        UPDATE score_sheet SET total_milli = (SELECT t.total_milli FROM totals t, two WHERE t.id = CASE WHEN
            score_sheet.id = one_id THEN other_id ELSE one_id END) WHERE id IN (SELECT one_id FROM two UNION SELECT
            other_id FROM two);
        DROP TABLE two;
        DROP TABLE totals;
        DROP TABLE given
    """,
    "two judges swapped on their seats": """
        CREATE TEMPORARY TABLE two AS SELECT a.id AS one_id, b.id AS other_id, a.user_id AS one, b.user_id AS other
            FROM judge a JOIN judge b ON b.contest_id = a.contest_id AND b.id > a.id WHERE a.seat = 'member' AND b.seat
            = 'member' AND NOT EXISTS (SELECT 1 FROM judge c WHERE c.contest_id = a.contest_id AND c.seat = 'secretary'
            AND c.user_id IN (a.user_id, b.user_id)) ORDER BY a.id, b.id LIMIT 1;
        UPDATE judge SET seat = 'secretary' WHERE id = (SELECT one_id FROM two);
        UPDATE judge SET user_id = (SELECT one FROM two) WHERE id = (SELECT other_id FROM two);
        UPDATE judge SET user_id = (SELECT other FROM two), seat = 'member' WHERE id = (SELECT one_id FROM two);
        DROP TABLE two
    """,
    "on what the minutes are founded": """
        UPDATE founding_paper SET says = '{"day": "2024-06-01", "number": "9/QĐ", "signer": "ai đó"}' WHERE what = 'jury'
    """,
    "a founding decision that was taken back": """
        UPDATE founding_paper SET says = NULL WHERE what = 'committee'
    """,
    "who was at a meeting": """
        DELETE FROM panel_meeting
    """,
    "the document beside a signed paper": """
        UPDATE signed_paper SET editable = content WHERE editable_sha256 <> ''
    """,
    "what a judge can judge": """
        UPDATE judge_scope SET says = '{"contests": null, "days": []}'
    """,
    "the words of a declared relation": """
        UPDATE declared_relation SET words = 'hàng xóm' WHERE id = (SELECT max(id) FROM declared_relation)
    """,
    "a declared relation removed": """
        DELETE FROM relation_dismissed;
        DELETE FROM declared_relation WHERE id = (SELECT max(id) FROM declared_relation)
    """,
    "a relation that nobody dismissed": """
        UPDATE relation_dismissed SET reason = 'bấm nhầm'
    """,
    "a sheet deleted": """
        DELETE FROM sheet_revision WHERE sheet_id = (SELECT min(sheet_id) FROM mark);
        DELETE FROM score_sheet WHERE id = (SELECT min(sheet_id) FROM mark)
    """,
    "a sheet added": """
        INSERT INTO score_sheet (judge_id, entry_id, round, version, state, total_milli, conflict, on_paper, note,
            updated_at) SELECT judge_id, entry_id, 2, 1, state, total_milli, conflict, on_paper, note, updated_at FROM
            score_sheet ORDER BY id LIMIT 1
    """,
    "a judge who recused made to have marked": """
        UPDATE score_sheet SET state = 'marked', total_milli = 90000 WHERE state = 'recused'
    """,
    "a count changed": """
        UPDATE measure SET value = value + 1 WHERE id = (SELECT min(id) FROM measure WHERE state = 'valid')
    """,
    "a deduction that comes back": """
        UPDATE deduction SET taken_back_at = NULL, taken_back_reason = '', taken_back_by = NULL WHERE taken_back_at IS NOT NULL
    """,
    "a deduction that costs less": """
        UPDATE deduction SET points_milli = 1 WHERE id = (SELECT max(id) FROM deduction)
    """,
    "money that a family did not spend": """
        UPDATE kitchen_slip SET spent_vnd = spent_vnd - 1 WHERE id = (SELECT max(id) FROM kitchen_slip WHERE spent_vnd > 0)
    """,
    "a weight that nobody stated": """
        UPDATE criterion SET weight_milli = 2000 WHERE id = (SELECT min(id) FROM criterion)
    """,
    "a count of one of two changed": """
        UPDATE ground_reading SET value = value + 1 WHERE id = (SELECT min(id) FROM ground_reading WHERE value IS NOT NULL)
    """,
    "a dispute of a team made an agreement": """
        UPDATE measure_seen SET note = 'đồng ý' WHERE id = (SELECT min(id) FROM measure_seen)
    """,
    "a contest given to another device": """
        DELETE FROM ground_contest
    """,
    "an overtime taken away": """
        DELETE FROM overtime WHERE seconds > 0
    """,
    "a reading that the lead never let in": """
        UPDATE gate_decision SET choice = 'let_in' WHERE choice = 'kept_out'
    """,
    "an admission removed": """
        DELETE FROM admission WHERE id = (SELECT min(id) FROM admission)
    """,
    "an admission added": """
        INSERT INTO admission (festival_id, person_id, purpose, day_window, scan_id, at_ms, device_number, seq,
            annulled, outside, came, changed_ms) SELECT festival_id, person_id, 'meal', day_window, scan_id, at_ms,
            device_number, seq, annulled, outside, came, changed_ms FROM admission ORDER BY id LIMIT 1
    """,
    "a scan removed with its admissions": """
        DELETE FROM admission WHERE scan_id = (SELECT min(scan_id) FROM admission);
        DELETE FROM scan WHERE id = (SELECT min(id) FROM scan WHERE id NOT IN (SELECT scan_id FROM admission))
    """,
    "the name of an award changed": """
        UPDATE award SET prize = 'Giải Nhất (đặc biệt)' WHERE id = (SELECT min(id) FROM award)
    """,
    "an award given to another entry": """
        UPDATE award SET entry_id = (SELECT max(e.id) FROM entry e WHERE e.contest_id = award.contest_id AND e.id
            NOT IN (SELECT o.entry_id FROM award o WHERE o.entry_id IS NOT NULL)) WHERE id = (SELECT min(id) FROM award
            WHERE NOT special)
    """,
    "the rank of a standing changed": """
        UPDATE standing SET place = place + 1 WHERE id = (SELECT min(id) FROM standing WHERE place = 1)
    """,
    "a decision of the panel changed": """
        UPDATE jury_decision SET reason = 'khác' WHERE id = (SELECT min(id) FROM jury_decision)
    """,
    "a decision of the panel removed": """
        DELETE FROM jury_decision WHERE id = (SELECT max(id) FROM jury_decision)
    """,
    "the state of a contest set": """
        UPDATE contest SET state = 'published' WHERE code = 'bong-ro'
    """,
    "the state of a contest set with its steps": """
        UPDATE contest SET state = 'released' WHERE code = 'bong-ro';
        INSERT INTO state_change (contest_id, state, at, number, note, ledger_hash) SELECT contest_id, 'released',
            at, number, note, ledger_hash FROM state_change WHERE state = 'decided' AND contest_id = (SELECT id FROM
            contest WHERE code = 'bong-ro')
    """,
    "a registration approved": """
        UPDATE family SET state = 'approved' WHERE id = (SELECT min(id) FROM family WHERE state IN ('draft',
            'submitted'))
    """,
    "a number drawn changed": """
        UPDATE entry SET number = 900 WHERE number = 1
    """,
    "two turns swapped": """
        UPDATE act SET position = 900 WHERE id = (SELECT min(id) FROM act)
    """,
    "a contest renamed": """
        UPDATE contest SET name = 'Tài năng khác' WHERE code = 'tai-nang'
    """,
    "a criterion renamed": """
        UPDATE criterion SET name = 'Khác' WHERE id = (SELECT min(c.id) FROM criterion c JOIN contest t ON
            t.id = c.contest_id WHERE t.code = 'tai-nang')
    """,
    "a stage called otherwise": """
        UPDATE stage SET name = 'Sân khác' WHERE id = (SELECT min(id) FROM stage)
    """,
    "a session moved to another stage": """
        UPDATE session SET stage_id = (SELECT max(id) FROM stage) WHERE id = (SELECT min(id) FROM session)
    """,
    "a session gone that the ledger knows": """
        UPDATE act SET session_id = (SELECT max(id) FROM session), position = 900 + id WHERE session_id = (SELECT min(id) FROM session);
        DELETE FROM session WHERE id = (SELECT min(id) FROM session)
    """,
    "the rule of a contest changed": """
        UPDATE contest SET delta_milli = delta_milli + 1 WHERE code = 'tai-nang'
    """,
    "the rules of the edition changed": """
        UPDATE festival SET ruleset = '{}'
    """,
    "the minutes of the delegations changed": """
        UPDATE whole_minutes SET number = '10/BB'
    """,
    "the bytes of a signed paper changed": """
        UPDATE signed_paper SET content = (SELECT o.content FROM signed_paper o WHERE o.id <> signed_paper.id
            ORDER BY o.id DESC LIMIT 1) WHERE id = (SELECT min(id) FROM signed_paper)
    """,
    "the name on an award changed": """
        UPDATE award SET name = 'Gia đình khác' WHERE id = (SELECT min(id) FROM award WHERE name IS NOT NULL)
    """,
    "a prize of a delegation changed": """
        UPDATE award SET prize = 'Giải X' WHERE contest_id IS NULL
    """,
    "two places of a final order swapped": """
        UPDATE final_order SET places = (SELECT '[' || '[' || max(id) || '],[' || min(id) || ']]' FROM entry WHERE
            contest_id = final_order.contest_id)
    """,
    "what a count said before it was corrected": """
        UPDATE measure_revision SET content = '{"state": "valid", "value": 99, "version": 1}' WHERE id = (SELECT min(id)
            FROM measure_revision WHERE entry_id IS NOT NULL)
    """,
    "the trace of a corrected order removed": """
        DELETE FROM measure_revision WHERE entry_id IS NULL
    """,
    "what an amendment corrected": """
        UPDATE standing_amendment SET corrections = '{}' WHERE ordinal = 1
    """,
    "points of a delegation that come back": """
        UPDATE delegation_points SET taken_back_at = NULL, taken_back_reason = '', taken_back_by = NULL WHERE
            taken_back_at IS NOT NULL
    """,
    "points of a delegation that became more": """
        UPDATE delegation_points SET points_milli = points_milli + 1000 WHERE number = 1
    """,
    "the document of points of a delegation": """
        UPDATE delegation_points SET document = '99/QĐ' WHERE number = 1
    """,
    "points of a delegation removed": """
        DELETE FROM delegation_points WHERE number = 2
    """,
    "an amendment of standings removed": "DELETE FROM standing_amendment",
    "what a delegation petitioned": """
        UPDATE petition SET words = 'khác' WHERE number = 1
    """,
    "a step of a petition removed": "DELETE FROM petition_step",
    "on what an amendment stands": """
        UPDATE amendment_ground SET ground = 'late_slip', petition_id = NULL
    """,
    "why a lock was opened again": """
        UPDATE unlocking SET reason = 'khác' WHERE id = (SELECT min(id) FROM unlocking)
    """,
    "an opened lock removed": "DELETE FROM unlocking",
    "why a result was taken back": "UPDATE result_taken_back SET reason = 'khác'",
    "a taking back removed": "DELETE FROM result_taken_back",
    "a result that looks taken back": """
        UPDATE contest SET taken_back_at = (SELECT at FROM result_taken_back) WHERE code = 'bong-ro'
    """,
    "who held the second key of a release": """
        UPDATE state_change SET with_user = NULL WHERE state = 'released'
    """,
    "why somebody published alone": """
        UPDATE state_change SET note = '' WHERE state = 'published'
    """,
    "a special prize taken back and given by hand": """
        INSERT INTO award (contest_id, festival_id, entry_id, prize, position, special) SELECT contest_id, festival_id,
            entry_id, 'Thí sinh nhỏ tuổi nhất', 2, special FROM award WHERE special ORDER BY id LIMIT 1
    """,
    "an act made absent": """
        UPDATE act SET state = 'absent' WHERE id = (SELECT min(id) FROM act WHERE state = 'waiting')
    """,
    "a match of a later round played in secret": """
        UPDATE later_match SET state = 'done' WHERE state = 'absent'
    """,
    "a changed order of the day that nobody took back": """
        UPDATE turn_change SET undone_at = NULL, undone_by = NULL
    """,
    "a held registration let go": """
        UPDATE held_registration SET decision = 'new', decided_at = held_at WHERE decision IS NULL
    """,
    "what an officer said of a held one": """
        UPDATE held_registration SET decision = 'new' WHERE decision = 'same'
    """,
    "somebody taken out of a mixed team": """
        DELETE FROM team_member WHERE person_id = (SELECT min(person_id) FROM team_member)
    """,
    "a dissolved team that stands again": """
        UPDATE entry SET state = 'enrolled' WHERE id IN (SELECT entry_id FROM mixed_team) AND state = 'withdrawn'
    """,
    "an offer of a place that holds longer": """
        UPDATE place_offer SET until = offered_at
    """,
    "an offer that was declined": """
        UPDATE place_offer SET state = 'expired' WHERE state = 'declined'
    """,
    "a family put into the line again": """
        UPDATE line_spot SET out_by = NULL
    """,
    "a line opened again": """
        UPDATE waiting_list SET open = TRUE
    """,
    "a delegation closed to families that register themselves": """
        UPDATE delegation SET self_registration = FALSE WHERE id = (SELECT max(id) FROM delegation)
    """,
    "somebody who left made to come back": """
        UPDATE departure SET back_at = left_at WHERE back_at IS NULL
    """,
    "a departure removed": """
        DELETE FROM departure WHERE back_at IS NOT NULL
    """,
    "an agreement that was withdrawn stands again": """
        UPDATE consent SET withdrawn_at = NULL WHERE id = (SELECT max(id) FROM consent WHERE withdrawn_at IS NOT NULL
            AND purpose = 'publish')
    """,
    "a guest given another title": """
        UPDATE badge_holder SET title = 'Chủ tịch' WHERE title <> ''
    """,
    "somebody put on another list": """
        UPDATE badge_holder SET list_id = (SELECT max(id) FROM badge_list) WHERE list_id = (SELECT min(id) FROM badge_list)
    """,
    "a list that was taken away is there again": """
        UPDATE badge_list SET closed_at = NULL WHERE closed_at IS NOT NULL
    """,
    "an own class that counts as another": """
        UPDATE badge_kind SET base = 'committee'
    """,
    "a family called by another name": """
        UPDATE family SET name = 'Gia đình ông Khác' WHERE id = (SELECT min(f.id) FROM family f JOIN person p ON
            p.family_id = f.id JOIN departure d ON d.person_id = p.id)
    """,
    "a sheet of names that was annulled made one that was replaced": """
        UPDATE signed_paper SET state = 'replaced' WHERE state = 'annulled'
    """,
    "the bytes of a signed sheet of names": """
        UPDATE signed_paper SET content = (SELECT o.content FROM signed_paper o WHERE o.kind = 'minutes' LIMIT 1)
            WHERE state = 'annulled'
    """,
    "why names nobody proofed were used": """
        UPDATE name_confirmation SET reason = 'khác'
    """,
    "which names nobody proofed were used": """
        UPDATE name_confirmation SET names = '[]'
    """,
    "a delegation given more people than was allotted": """
        UPDATE delegation SET people_max = 5000 WHERE id = (SELECT min(id) FROM delegation)
    """,
    "a delegation that registers a day longer": """
        UPDATE delegation SET extended_until = NULL WHERE extended_until IS NOT NULL
    """,
    "a delegation that was never reminded": """
        DELETE FROM delegation_reminder
    """,
    "an invitation that was revoked": """
        UPDATE invitation SET revoked_at = expires_at
    """,
    "an account that somebody asked for and that was refused waits again": """
        UPDATE account_request SET state = 'waiting' WHERE state = 'refused'
    """,
    "the title of an act that was corrected": """
        UPDATE entry SET title = 'Điệu múa khác' WHERE title = 'Điệu múa đã sửa'
    """,
}
