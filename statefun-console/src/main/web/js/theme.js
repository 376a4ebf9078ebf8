// Sets the color scheme before the first paint. A classic script, because modules run later.
(function () {
  'use strict';
  try {
    const theme = localStorage.getItem('statefun-console.theme');
    if (theme === 'light' || theme === 'dark') {
      document.documentElement.dataset.theme = theme;
    }
  }
  catch (ex) {
    // Storage is blocked: the system's scheme applies
  }
})();
