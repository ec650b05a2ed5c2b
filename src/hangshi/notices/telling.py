"""Messages written by the installation: each cause tells an account once, whatever happens between two runs."""

from datetime import date, timedelta

from django.db import connection, transaction
from django.utils import timezone

from hangshi.notices.models import Message

DAYS_BACK = 30  # older causes are not told any more: somebody who joins is not flooded
DAYS_AHEAD = 3
KINDS = {
    "task": "有审批待您办理",
    "answer": "您提交的审批有了结果",
    "urging": "您办理的事项被催办",
    "measure": "您负责的措施将到期",
}

CAUSES = """
    WITH told AS (
        SELECT t.account, 'task' AS kind, 'task-' || t.id AS cause, 'approval' AS source, a.id AS source_id
        FROM approval_task t JOIN approval a ON a.id = t.approval_id
        WHERE t.state = 'open' AND a.state = 'running'
        UNION ALL
        SELECT a.author, 'answer', 'answer-' || (SELECT max(i.id) FROM approval_act i WHERE i.approval_id = a.id), 'approval', a.id
        FROM approval a WHERE a.state = 'returned' OR (a.state IN ('approved', 'refused') AND a.closed_on >= %(since)s)
        UNION ALL
        SELECT c.recorded_by, 'urging', 'urging-' || u.id, 'case_file', c.id
        FROM case_urging u JOIN case_file c ON c.id = u.case_id
        WHERE u.day >= %(since)s AND c.closed_on IS NULL AND c.recorded_by IS NOT NULL
        UNION ALL
        SELECT s.id, 'urging', 'urging-' || u.id, 'case_file', c.id
        FROM case_urging u JOIN case_file c ON c.id = u.case_id JOIN case_seat t ON t.case_id = c.id AND t.until IS NULL
        JOIN account s ON s.person_id = t.person_id AND s.active
        WHERE u.day >= %(since)s AND c.closed_on IS NULL
        UNION ALL
        SELECT s.id, 'measure', 'measure-' || m.id || '-' || m.due_on, 'case_file', c.id
        FROM case_measure m JOIN case_file c ON c.id = m.case_id JOIN account s ON s.person_id = m.person_id AND s.active
        WHERE m.done_on IS NULL AND c.closed_on IS NULL AND m.due_on BETWEEN %(today)s AND %(soon)s
    )
    INSERT INTO notice (account, kind, cause, source, source_id, at)
    SELECT DISTINCT account, kind, cause, source, source_id, now() FROM told
    ON CONFLICT DO NOTHING
"""


def tell(*, today: date) -> int:
    """Write what is to be told on that day; how many messages were new. Run as the installation."""
    given = {"today": today, "since": today - timedelta(days=DAYS_BACK), "soon": today + timedelta(days=DAYS_AHEAD)}
    with connection.cursor() as cursor:
        cursor.execute(CAUSES, given)
        return int(cursor.rowcount)


@transaction.atomic
def mark_read(account: int) -> int:
    """All messages of the account count as read; how many did not."""
    return Message.objects.filter(account=account, read_at=None).update(read_at=timezone.now())
