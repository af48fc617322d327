/* view.c
 * What the parts of the details share.
 *
 * dnsrcode, SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "view.h"

#include "fields.h"

void view_texts(display_view *v, proto_tree *tree, int field, const char *const *texts, size_t count)
{
    if (!field_wanted(tree, field))
        return;
    for (size_t i = 0; i < count && texts[i]; i++)
        field_text(tree, field, v->tvb, texts[i]);
}

void view_reference(display_view *v, proto_tree *tree, const char *section)
{
    if (!field_wanted(tree, hf_dnsrcode_reference))
        return;
    for (unsigned i = 0; i < v->reference_count; i++)
        if (strcmp(v->references[i], section) == 0)
            return;
    if (v->reference_count < VIEW_REFERENCES_MAX)
        v->references[v->reference_count++] = section;
    field_text(tree, hf_dnsrcode_reference, v->tvb, section);
}
