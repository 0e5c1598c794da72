"""What a program in Python says to the bookshop."""

import sys

import httpx
from shop import Client
from shop.api.books import books_add, books_list, books_show
from shop.models import Book, Description, Genre, Message

client = Client(base_url=sys.argv[1])

description = Description(title="Persuasion", author="Jane Austen", genre=Genre.FICTION, price=8.0)
added = books_add.sync_detailed(client=client, body=description)
assert added.status_code == 201, added
book = added.parsed
assert isinstance(book, Book) and book.title == "Persuasion", added

found = books_show.sync(book.id, client=client)
assert isinstance(found, Book) and found.genre == Genre.FICTION, found

listed = books_list.sync(client=client, author="Jane Austen")
assert any(one.id == book.id for one in listed), listed

absent = books_show.sync_detailed(4_000_000_000, client=client)
assert absent.status_code == 404 and isinstance(absent.parsed, Message), absent

# What the type does not take is refused by the gateway.
refused = httpx.post(sys.argv[1] + "/books", json={"title": "Persuasion"})
assert refused.status_code == 400 and refused.json() == {"message": "Invalid request body"}, refused.text
