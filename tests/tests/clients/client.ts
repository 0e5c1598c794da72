// What a program in TypeScript says to the bookshop. It compiles only if the types of the document are right.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

const shop = createClient<paths>({ baseUrl: process.argv[2] });

function expect(holds: boolean, what: unknown): void {
  if (!holds) throw new Error(JSON.stringify(what));
}

const description: components["schemas"]["Description"] = {
  title: "Emma",
  author: "Jane Austen",
  genre: "fiction",
  price: 9.5,
};
const added = await shop.POST("/books", { body: description });
expect(added.response.status === 201 && added.data !== undefined, added);
const id: number = added.data!.id;

const found = await shop.GET("/books/{id}", { params: { path: { id } } });
expect(found.data?.title === "Emma", found);

const listed = await shop.GET("/books", { params: { query: { author: "Jane Austen" } } });
expect(listed.data?.some((book) => book.id === id) === true, listed);

const absent = await shop.GET("/books/{id}", { params: { path: { id: 4_000_000_000 } } });
expect(absent.response.status === 404 && absent.error !== undefined, absent);

// @ts-expect-error: a price is a number. The gateway refuses what the type does not take.
const refused = await shop.POST("/books", { body: { ...description, price: "cheap" } });
expect(refused.response.status === 400 && refused.error?.message === "Invalid request body", refused);
