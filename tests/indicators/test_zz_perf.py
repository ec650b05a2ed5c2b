import time
from datetime import date
import pytest
from django.db import connection, connections
from hangshi.access.scope import EVERYTHING, acting
from hangshi.indicators import queries as q, cells
from hangshi.registry.models import Unit
def T(name, f, n=3):
    ts=[]
    for _ in range(n):
        t=time.perf_counter(); r=f(); ts.append((time.perf_counter()-t)*1000)
    print(f"{name}: {sorted(ts)[n//2]:.1f} ms (max {max(ts):.1f})"); return r
@pytest.mark.django_db(databases=["default","owner"], transaction=False)
def test_perf():
    t=time.perf_counter()
    with acting(EVERYTHING), connection.cursor() as c:
        def ex(s):
            c.execute(s)
        ex("insert into unit(id,kind,name,code,path,extra,since) values (900001,'city','c','','900001/','{}','2000-01-01')")
        ex("insert into unit(id,kind,name,code,path,extra,since) select 900010+i,'county','k'||i,'','900001/'||900010+i||'/','{}','2000-01-01' from generate_series(0,9) i")
        ex("insert into unit(id,kind,name,code,path,extra,since) select 910000+i,'township','t'||i,'','900001/'||900010+i%10||'/'||910000+i||'/','{}','2000-01-01' from generate_series(0,159) i")
        ex("insert into unit(id,kind,name,code,path,extra,since) select 920000+i,'village','v'||i,'',u.path||920000+i||'/','{}','2000-01-01' from generate_series(0,1899) i join unit u on u.id=910000+i%160")
        ex("insert into household(id,number,head,unit_id,path,extra) select 1000000+i,'h'||i,'甲',u.id,u.path,'{}' from generate_series(0,5999) i join unit u on u.id=920000+i%1900")
        ex("insert into activity(kind,unit_id,path,day,household_id,present,topic,place,minutes,recorded_at,extra) select case when i%10<8 then 'visit' else 'theme_day' end, h.unit_id,h.path,date '2016-01-01'+((i::bigint*7919%669)::int),h.id,3,'','','',now(),'{}' from generate_series(0,29999) i join household h on h.id=1000000+i%6000")
        ex("insert into person(id,name,sex,cadre,unit_id,path,extra) select 1000000+i,'甲','','',u.id,u.path,'{}' from generate_series(0,29999) i join unit u on u.id=920000+i%1900")
        ex("insert into duty(kind,bearer_id,unit_id,path,household_id,since,role,end_reason,extra) select case when i%3=0 then 'pledge' else 'pairing' end, 1000000+i%30000,h.unit_id,h.path,h.id,'2015-01-01','','','{}' from generate_series(0,14999) i join household h on h.id=1000000+i%6000")
        for d,y in (('2016-12-31',0),('2015-12-31',1)):
            ex(f"insert into entry(kind,unit_id,path,day,household_id,amount,source,note,extra) select 'household_income',h.unit_id,h.path,'{d}',h.id,5000-{y}*i%3*100,'','', '{{\"persons\": 3}}' from generate_series(0,5999) i join household h on h.id=1000000+i")
        for t_ in ("unit","household","activity","duty","entry","person","indicator_dirty"): 
            pass
        print("load", time.perf_counter()-t)
        t=time.perf_counter(); print("dirty", cells.dirty()); q.fold(); print("fold all s", time.perf_counter()-t)
        city=Unit.objects.get(pk=900001); county=Unit.objects.get(pk=900010); town=Unit.objects.get(pk=910000)
        year=q.Period(date(2016,1,1),date(2016,10,31))
        keys=list(q.pack().indicators)
        worst={}
        for k in keys:
            t=time.perf_counter(); q.value(k,city,year); worst[k]=(time.perf_counter()-t)*1000
        print("city worst", sorted(((round(v),k) for k,v in worst.items()), reverse=True)[:12], "median", sorted(worst.values())[len(worst)//2])
        asks=list(dict.fromkeys(x for k in keys for x in q.asks_of(k,year)))
        from hangshi.indicators.plan import statement, Place
        for fact in dict.fromkeys(x.it.fact for x in asks):
            m=[x for x in asks if x.it.fact==fact]
            t=time.perf_counter()
            sqltext,g=statement(m,Place(city.path))
            c.execute("savepoint z"); c.execute("set local statement_timeout=2500")
            try: c.execute(sqltext,g); print(fact,len(m),time.perf_counter()-t, flush=True)
            except Exception as e:
                print(fact,len(m),"SLOW",str(e)[:80]); c.execute("rollback to z"); c.execute("explain "+sqltext,g); print("\n".join(r[0][:150] for r in c.fetchall()))
