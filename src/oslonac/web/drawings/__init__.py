"""Pictures drawn on the server as SVG text: case timeline, people around a child, small multiples.

Standard library only; records in, text out, the same input always giving the same picture.
Shapes carry classes, colours live in drawings.css. All words arrive localised.
"""
