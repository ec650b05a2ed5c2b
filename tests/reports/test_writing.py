import pytest

pytestmark = pytest.mark.django_db


def test_x(office):
    from hangshi.reports import layout
    w = office.write("work_review")
    print(w.text, w.missing, w.doubts)
    from pathlib import Path
    Path("/tmp/o").mkdir(exist_ok=True)
    Path("/tmp/o/review.docx").write_bytes(layout.build(w, site="https://hangshi.example.cn", red=True, number="安组发〔2017〕12号"))
    from hangshi.registry.models import Unit
    v = Unit.objects.filter(kind="township").first()
    for key in ("secretary_report", "bulletin", "reminder", "plain_card"):
        unit = None if key == "bulletin" else v
        w = office.write(key, unit)
        print(w.text, w.missing, w.doubts)
        Path(f"/tmp/o/{key}.docx").write_bytes(layout.build(w, site="https://hangshi.example.cn"))
