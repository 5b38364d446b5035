"""What a document says, as data: targets, results, assignments and how it stands to other documents."""
