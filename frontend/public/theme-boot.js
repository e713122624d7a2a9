(function () {
  var theme = null;
  try {
    theme = localStorage.getItem('auscult.theme');
  } catch (error) {
    // A browser that refuses storage shows the theme of the system.
  }
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
})();
