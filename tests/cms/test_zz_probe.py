import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Page
from django.urls import reverse
from tests import factories
from tests.cms.admin import *
from tests.cms.conftest import *
from tests.cms.admin import soup
@pytest.mark.django_db
def test_x(editor):
    for g in Group.objects.all():
        print(g, sorted(f"{p.content_type.app_label}.{p.codename}" for p in g.permissions.all()))
        print([(p.permission.content_type.app_label, p.permission.codename, p.collection_id) for p in GroupCollectionPermission.objects.filter(group=g)])
        print([(p.permission.codename, p.page_id) for p in GroupPagePermission.objects.filter(group=g)])
    i=factories.ImageFactory()
    r=editor.get("/admin/images/%d/"%i.pk)
    print(r.status_code)
    from wagtail.images.permissions import permission_policy
    print(permission_policy.auth_model)
    t=soup(editor.get("/admin/images/"))
    print(t.find("main").get_text(" ",strip=True)[:300])
    for p in Page.objects.filter(depth__gt=1): print(p.pk, p.path, p.specific_class, p.title, p.slug, p.url_path, p.live, p.numchild, p.show_in_menus, p.owner, p.latest_revision)
    r=editor.get("/admin/pages/%d/edit/"%factories.home().pk)
    import re
    print([a for a in re.findall(r'<a [^>]*>', r.content.decode()) if 'admin' not in a])
