"""The models that all content shares, one module a concern."""

from .media import CmsDocument, CmsImage, CmsRendition
from .pages import BasePage, ContentPage, FeaturedInsight, FeaturedProgramme, HomePage
from .search import SearchedName, SearchedText
from .site_settings import FooterItem, NavigationItem, SiteSettings, SocialLink, Word
from .themes import Theme, ThemesField
from .users import User

__all__ = [
    "BasePage",
    "CmsDocument",
    "CmsImage",
    "CmsRendition",
    "ContentPage",
    "FeaturedInsight",
    "FeaturedProgramme",
    "FooterItem",
    "HomePage",
    "NavigationItem",
    "SearchedName",
    "SearchedText",
    "SiteSettings",
    "SocialLink",
    "Theme",
    "ThemesField",
    "User",
    "Word",
]
