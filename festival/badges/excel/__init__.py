"""People outside families in an Excel file: which columns, what it says, what becomes of each row, the file we hand out."""
