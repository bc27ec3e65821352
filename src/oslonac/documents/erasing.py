"""What goes with an erased child: the files. Their keys went with the child's own."""

from django.db.models import Q

from oslonac.documents.models import Document
from oslonac.vault import filestore
from oslonac.vault.erasers import Erased


def erase(erased: Erased) -> None:
    """Take away the files of all documents sealed under a destroyed key. Safe to repeat."""
    for row in Document.objects.filter(key_id__in=erased.key_ids).filter(~Q(stored="")):
        filestore.remove(row.stored)
        # Dates and kinds stay for statistics; there is nothing left that they could lead to.
        Document.objects.filter(pk=row.pk).update(
            stored="",
            status="removed",
            removed_at=erased.at,
            title=None,
            note=None,
            file_key=None,
        )
