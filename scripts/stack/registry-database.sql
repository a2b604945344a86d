-- Runs once, when the PostgreSQL container makes its data folder: schemas live beside, not in, the users' database.
create database registry;
