"""The addresses of the step and of the notice, in the admin."""

from django.urls import path

from .notice import NoticeView
from .step import StepView

urlpatterns = [
    path("publish-with/", StepView.as_view(), name="publish_with"),
    path("publish-with/notice/<int:page_id>/", NoticeView.as_view(), name="publish_with_notice"),
]
