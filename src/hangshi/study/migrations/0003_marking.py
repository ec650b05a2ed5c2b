"""What no single person may do by themselves: name all learners, mark by a key they cannot read, count sheets they cannot see."""

from django.db import migrations

# Whom a class of learners means in a range of paths on a day; a Party member under the branch, anybody else where they are found.
LEARNERS = """
CREATE FUNCTION study_learners(rule jsonb, lo text, hi text, day date)
RETURNS TABLE (person_id bigint, unit_id bigint, path text) LANGUAGE sql STABLE AS $$
    WITH meant AS (
        SELECT p.id AS person_id, p.unit_id, p.path, 3 AS later FROM person p
        WHERE p.path >= lo AND p.path < hi AND p.cadre <> '' AND rule->'cadres' ? p.cadre
        UNION ALL
        SELECT d.bearer_id, d.unit_id, d.path, 2 FROM duty d
        WHERE d.path >= lo AND d.path < hi AND d.bearer_id IS NOT NULL AND d.since <= day AND (d.until IS NULL OR d.until >= day)
            AND (rule->'duties' ? d.kind OR rule->'duties' ? (d.kind || '.' || d.role))
        UNION ALL
        SELECT m.person_id, m.unit_id, m.path, 1 FROM membership m
        WHERE m.path >= lo AND m.path < hi AND m.since <= day AND (m.until IS NULL OR m.until >= day) AND rule->'categories' ? m.category)
    SELECT DISTINCT ON (t.person_id) t.person_id, coalesce(b.unit_id, t.unit_id), coalesce(b.path, t.path)
    FROM meant t LEFT JOIN membership b ON b.person_id = t.person_id AND b.since <= day AND (b.until IS NULL OR b.until >= day)
    ORDER BY t.person_id, t.later
$$"""
# Only for a quiz that whoever calls holds: one in their range of paths, or of their own unit on the Party line.
ROLL = """
CREATE FUNCTION study_roll(quiz bigint) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
    WITH held AS (
        SELECT q.*, CASE WHEN q.wide THEN regexp_replace(q.path, '[0-9]+/$', '') ELSE q.path END AS reach FROM study_quiz q
        WHERE q.id = quiz AND q.state = 'open' AND (
            (q.path >= current_setting('hangshi.lo', true) AND q.path < current_setting('hangshi.hi', true))
            OR (current_setting('hangshi.mode', true) = 'party'
                AND q.unit_id = nullif(current_setting('hangshi.unit', true), '')::bigint))),
    made AS (
        INSERT INTO study_sheet (quiz_id, person_id, unit_id, path, extra)
        SELECT h.id, l.person_id, l.unit_id, l.path, '{}'
        FROM held h, LATERAL study_learners(h.rule, h.reach, rtrim(h.reach, '/') || '0', h.since) l
        WHERE h.reach <> '' ON CONFLICT (quiz_id, person_id) DO NOTHING RETURNING quiz_id, unit_id, path),
    counted AS (
        INSERT INTO study_tally (quiz_id, unit_id, path, day, extra, should, handed, marked, points, "full", low, fair, good, best)
        SELECT m.quiz_id, m.unit_id, m.path, h.since, '{}', count(*), 0, 0, 0, 0, 0, 0, 0, 0
        FROM made m, held h GROUP BY 1, 2, 3, 4
        ON CONFLICT (quiz_id, unit_id) DO UPDATE SET should = study_tally.should + excluded.should)
    SELECT count(*) FROM made
$$"""
# Safe to repeat and for anybody to call: what it writes follows from what stands in a sheet that was handed in.
SETTLE = """
CREATE FUNCTION study_settle(one bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE s study_sheet; most integer;
BEGIN
    SELECT * INTO s FROM study_sheet WHERE id = one AND handed_on IS NOT NULL FOR UPDATE;
    IF NOT FOUND THEN RETURN; END IF;
    PERFORM FROM study_tally t WHERE t.quiz_id = s.quiz_id AND t.unit_id = s.unit_id FOR UPDATE;  -- one sheet of a branch at a time
    SELECT p.points INTO most FROM study_paper p JOIN study_quiz q ON q.paper_id = p.id WHERE q.id = s.quiz_id;
    INSERT INTO study_answer (sheet_id, item_id, path, chosen, text)
        SELECT s.id, i.id, s.path, '[]', '' FROM study_paper_item i JOIN study_quiz q ON q.paper_id = i.paper_id
        WHERE q.id = s.quiz_id ON CONFLICT (sheet_id, item_id) DO NOTHING;
    UPDATE study_answer a
        SET points = CASE WHEN a.chosen <@ k.answer AND k.answer <@ a.chosen AND a.chosen <> '[]' THEN i.points ELSE 0 END
        FROM study_paper_item i JOIN study_paper_key k ON k.item_id = i.id
        WHERE a.sheet_id = s.id AND i.id = a.item_id AND a.points IS NULL AND (i.kind <> 'short' OR a.text = '');
    UPDATE study_sheet SET score = (SELECT sum(a.points) FROM study_answer a WHERE a.sheet_id = s.id)
        WHERE id = s.id AND NOT EXISTS (SELECT FROM study_answer a WHERE a.sheet_id = s.id AND a.points IS NULL);
    UPDATE study_tally t SET (handed, marked, points, "full", low, fair, good, best) = (
        SELECT count(h.handed_on), count(h.score), coalesce(sum(h.score), 0), count(h.score) * most,
            count(*) FILTER (WHERE h.score * 100 < 60 * most),
            count(*) FILTER (WHERE h.score * 100 >= 60 * most AND h.score * 100 < 80 * most),
            count(*) FILTER (WHERE h.score * 100 >= 80 * most AND h.score * 100 < 90 * most),
            count(*) FILTER (WHERE h.score * 100 >= 90 * most)
        FROM study_sheet h WHERE h.quiz_id = s.quiz_id AND h.unit_id = s.unit_id)
        WHERE t.quiz_id = s.quiz_id AND t.unit_id = s.unit_id;
    INSERT INTO study_item_tally (quiz_id, item_id, unit_id, path, extra, marked, wrong)
        SELECT s.quiz_id, a.item_id, s.unit_id, s.path, '{}', count(a.points), count(*) FILTER (WHERE a.points < i.points)
        FROM study_answer a JOIN study_sheet h ON h.id = a.sheet_id JOIN study_paper_item i ON i.id = a.item_id
        WHERE h.quiz_id = s.quiz_id AND h.unit_id = s.unit_id AND h.handed_on IS NOT NULL GROUP BY a.item_id
        ON CONFLICT (quiz_id, item_id, unit_id) DO UPDATE SET marked = excluded.marked, wrong = excluded.wrong;
END $$"""


class Migration(migrations.Migration):
    dependencies = [("study", "0002_guards"), ("duties", "0001_initial"), ("registry", "0001_initial")]
    operations = [
        migrations.RunSQL(LEARNERS, "DROP FUNCTION study_learners(jsonb, text, text, date)"),
        migrations.RunSQL(ROLL, "DROP FUNCTION study_roll(bigint)"),
        migrations.RunSQL(SETTLE, "DROP FUNCTION study_settle(bigint)"),
    ]
