"""The search as long work, done by the worker as the asker."""

from hangshi.duplicates import services
from hangshi.jobs.kinds import Answer, Teller, work


@work("duplicates.look")
def look(teller: Teller, *, account: int) -> Answer:
    teller.tell(0, 1, "比对在册人员")
    found = services.look(account=account)
    return {"href": "/duplicates/", "sentence": f"比对完毕，有 {found:,} 对待判断。没有合并任何记录。"}
