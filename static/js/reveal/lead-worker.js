// Opens the page that leads the reveal without network: the same worker as the family's, for its own page and cache.
importScripts("../family-worker.js");
